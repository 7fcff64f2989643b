import { slipstream } from "./judges.ts";
import type { ThreadTask } from "./threads.ts";
import { scoreWorld, type WorldScoreData } from "./world-score.ts";
import type { AccuracyWorld } from "./worlds.ts";

/** A part of the measuring that a thread does by itself. */
export interface WorldTask {
  readonly kind: "world";
  readonly world: AccuracyWorld;
}

export type Task = WorldTask;
export type TaskAnswer = WorldScoreData;

export function measureTask({ world }: Task, progress: (share: number) => void): TaskAnswer {
  return scoreWorld(world, slipstream, progress);
}

/** Swaps, and so what it costs, go with trades and noise. */
export function threadTask(data: Task): ThreadTask {
  const { seed, trades, noise } = data.world.options;
  return { name: `the world of seed ${seed}`, cost: trades * (1 + noise), data };
}

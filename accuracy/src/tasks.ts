import { tellStatistics } from "./honesty/statistics.ts";
import { type RunOutcomes, type StudyWorld, studyWorld } from "./honesty/study.ts";
import { slipstream } from "./judges.ts";
import { scoreWorld, type WorldScoreData } from "./scores/world-score.ts";
import type { ThreadTask } from "./threads/threads.ts";
import type { AccuracyWorld } from "./worlds.ts";

/** A part of the measuring that a thread does by itself. */
export type Task =
  | { readonly kind: "world"; readonly world: AccuracyWorld }
  | ({ readonly kind: "study" } & StudyWorld);

export type TaskAnswer = { readonly score: WorldScoreData } | { readonly runs: readonly RunOutcomes[] };

export function measureTask(task: Task, progress: (share: number) => void): TaskAnswer {
  return task.kind === "world"
    ? { score: scoreWorld(task.world, slipstream, progress) }
    : { runs: studyWorld(task, slipstream, tellStatistics, progress) };
}

/** Swaps, and so what it costs, go with trades and noise; a study leaves the detector out. */
export function threadTask(data: Task): ThreadTask {
  const { seed, trades, noise } = data.world.options;
  const cost = trades * (1 + noise);
  return data.kind === "world"
    ? { name: `the world of seed ${seed}`, cost, data }
    : { name: `intervals in the world of seed ${seed}`, cost: cost / 2, data };
}

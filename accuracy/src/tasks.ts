import { type ChainScoreData, scoreChain } from "./chain/chain-score.ts";
import type { ChainWorld } from "./chain/chain-worlds.ts";
import { tellStatistics } from "./honesty/statistics.ts";
import { type RunOutcomes, type StudyWorld, studyWorld } from "./honesty/study.ts";
import { slipstream } from "./judges.ts";
import { scoreWorld, type WorldScoreData } from "./scores/world-score.ts";
import type { ThreadTask } from "./threads/threads.ts";
import type { AccuracyWorld } from "./worlds.ts";

/** A part of the measuring that a thread does by itself. */
export type Task =
  | { readonly kind: "world"; readonly world: AccuracyWorld }
  | { readonly kind: "chain"; readonly world: ChainWorld }
  | ({ readonly kind: "study" } & StudyWorld);

export type TaskAnswer =
  | { readonly score: WorldScoreData }
  | { readonly chain: ChainScoreData }
  | { readonly runs: readonly RunOutcomes[] };

export function measureTask(task: Task, progress: (share: number) => void): TaskAnswer {
  if (task.kind === "chain") return { chain: scoreChain(task.world, slipstream, progress) };
  return task.kind === "world"
    ? { score: scoreWorld(task.world, slipstream, progress) }
    : { runs: studyWorld(task, slipstream, tellStatistics, progress) };
}

/** Reading a block costs this much more than taking its swaps as they are. */
const BLOCK_COST = 40;

/** Swaps, and so what it costs, go with trades and noise; a study leaves the detector out. */
export function threadTask(data: Task): ThreadTask {
  if (data.kind === "chain") {
    const { seed, trades } = data.world.options;
    return { name: `the blocks of seed ${seed}`, cost: BLOCK_COST * trades, data };
  }
  const { seed, trades, noise } = data.world.options;
  const cost = trades * (1 + noise);
  return data.kind === "world"
    ? { name: `the world of seed ${seed}`, cost, data }
    : { name: `intervals in the world of seed ${seed}`, cost: cost / 2, data };
}

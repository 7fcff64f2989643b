import type { StudyWorld } from "./honesty/study.ts";
import { daysOf } from "./honesty/study-world.ts";
import { accuracyWorld } from "./worlds.ts";

/** Of the study of intervals. A day is a run: small enough that its numbers are uncertain. */
const TRADES_A_RUN = 3000;
const RUNS_A_WORLD = 40;
/** Others trade this much less than in the other worlds: what is studied are the desk's own trades, with and without an attack. */
const NOISE = 0.25;
export const defaultRuns = 120;
export const quickRuns = 30;
/** Those from 20001, 21001 and 24001 on were looked at while the statistics were made. */
export const defaultRunsSeed = 27_001;

/** @param firstSeed Of the first world; the others have the next ones. */
export function studyWorlds(
  runs: number,
  firstSeed: number = defaultRunsSeed,
  tradesARun: number = TRADES_A_RUN,
): StudyWorld[] {
  return Array.from({ length: Math.ceil(runs / RUNS_A_WORLD) }, (_, index) => {
    const own = Math.min(RUNS_A_WORLD, runs - index * RUNS_A_WORLD);
    const days = daysOf(own);
    const world = accuracyWorld(firstSeed + index, index, days * tradesARun, days);
    const { options } = world;
    return { world: { ...world, options: { ...options, noise: options.noise * NOISE } }, runs: own };
  });
}

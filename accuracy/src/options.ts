import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { fixturesFolder } from "@slipstream/testing/fixtures";
import { defaultChainSeed, defaultChainTrades, quickChainTrades } from "./chain/chain-worlds.ts";
import { defaultRuns, defaultRunsSeed, quickRuns } from "./study-worlds.ts";
import { defaultSeeds, defaultTrades, quickTrades } from "./worlds.ts";

export const usage: string = `Usage: npm run docs:accuracy -- [--seeds A,B,...] [--trades N] [--chain-trades N] [--chain-seed N] [--runs N] [--runs-seed N] [--jobs N] [--quick] [--out FILE]
  --seeds   seeds of the worlds, with mixes of attackers in turn (default: ${defaultSeeds.join(",")})
  --trades  of the desk in each world (default: ${defaultTrades})
  --chain-trades  of the desk in each world that is read from its blocks; 0: none (default: ${defaultChainTrades})
  --chain-seed  of the first of these worlds (default: ${defaultChainSeed})
  --runs    on which the honesty of intervals is measured; 0: not at all (default: ${defaultRuns})
  --runs-seed  of the first of their worlds (default: ${defaultRunsSeed})
  --jobs    threads at once (default: as many as the machine has cores); what is measured does not depend on it
  --quick   a first look: ${quickTrades} trades in each world, ${quickChainTrades} in each that is read from its blocks, and ${quickRuns} runs, unless told otherwise
  --out     default: docs/mev-accuracy.md
Real data: SLIPSTREAM_FIXTURES=FOLDER (default: ../shared/data/mev); what is not there is skipped, in words.
`;

export interface AccuracyOptions {
  readonly seeds: readonly number[];
  readonly trades: number;
  readonly chainTrades: number;
  readonly chainSeed: number;
  readonly runs: number;
  readonly runsSeed: number;
  /** Threads at once. */
  readonly jobs: number;
  /** Undefined: the page in docs. */
  readonly out: string | undefined;
  readonly folder: string;
  /** That makes the same page. */
  readonly command: string;
  readonly help: boolean;
}

/** @throws TypeError that names the flag and what is allowed. */
export function readOptions(args: readonly string[]): AccuracyOptions {
  const text = { type: "string" } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      seeds: text,
      trades: text,
      "chain-trades": text,
      "chain-seed": text,
      runs: text,
      "runs-seed": text,
      jobs: text,
      quick: { type: "boolean", default: false },
      out: text,
      help: { type: "boolean", short: "h", default: false },
    },
  });
  const { "chain-trades": chainTrades, "chain-seed": chainSeed } = values;
  const { seeds, trades, runs, "runs-seed": runsSeed, jobs, quick, out, help } = values;
  const usual = quick
    ? { trades: quickTrades, chainTrades: quickChainTrades, runs: quickRuns }
    : { trades: defaultTrades, chainTrades: defaultChainTrades, runs: defaultRuns };
  const flags = [
    ...(quick ? ["--quick"] : []),
    ...(seeds === undefined ? [] : [`--seeds ${seeds}`]),
    ...(trades === undefined ? [] : [`--trades ${trades}`]),
    ...(chainTrades === undefined ? [] : [`--chain-trades ${chainTrades}`]),
    ...(chainSeed === undefined ? [] : [`--chain-seed ${chainSeed}`]),
    ...(runs === undefined ? [] : [`--runs ${runs}`]),
    ...(runsSeed === undefined ? [] : [`--runs-seed ${runsSeed}`]),
  ];
  return {
    seeds: seeds?.split(",").map((seed) => whole("--seeds", seed, 0, 2 ** 32 - 1)) ?? defaultSeeds,
    trades: trades === undefined ? usual.trades : whole("--trades", trades, 1, 100_000_000),
    chainTrades:
      chainTrades === undefined ? usual.chainTrades : whole("--chain-trades", chainTrades, 0, 10_000_000),
    chainSeed: chainSeed === undefined ? defaultChainSeed : whole("--chain-seed", chainSeed, 0, 2 ** 31),
    runs: runs === undefined ? usual.runs : whole("--runs", runs, 0, 100_000),
    runsSeed: runsSeed === undefined ? defaultRunsSeed : whole("--runs-seed", runsSeed, 0, 2 ** 31),
    jobs: jobs === undefined ? availableParallelism() : whole("--jobs", jobs, 1, 256),
    out,
    folder: fixturesFolder,
    command: ["npm run docs:accuracy", ...(flags.length === 0 ? [] : ["--", ...flags])].join(" "),
    help,
  };
}

function whole(flag: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new TypeError(
    `${flag}: must be a whole number from ${least} to ${most}, but is ${JSON.stringify(text)}`,
  );
}

import { parseArgs } from "node:util";
import { fixturesFolder } from "./fixtures.ts";
import { defaultSeeds, defaultTrades } from "./worlds.ts";

export const usage: string = `Usage: npm run docs:accuracy -- [--seeds A,B,...] [--trades N] [--out FILE]
  --seeds   seeds of the worlds, with mixes of attackers in turn (default: ${defaultSeeds.join(",")})
  --trades  of the desk in each world (default: ${defaultTrades})
  --out     default: docs/mev-accuracy.md
Real data: SLIPSTREAM_FIXTURES=FOLDER (default: ../shared/data/mev); what is not there is skipped, in words.
`;

export interface AccuracyOptions {
  readonly seeds: readonly number[];
  readonly trades: number;
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
    options: { seeds: text, trades: text, out: text, help: { type: "boolean", short: "h", default: false } },
  });
  const { seeds, trades, out, help } = values;
  const flags = [
    ...(seeds === undefined ? [] : [`--seeds ${seeds}`]),
    ...(trades === undefined ? [] : [`--trades ${trades}`]),
  ];
  return {
    seeds: seeds?.split(",").map((seed) => whole("--seeds", seed, 0, 2 ** 32 - 1)) ?? defaultSeeds,
    trades: trades === undefined ? defaultTrades : whole("--trades", trades, 1, 100_000_000),
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

import { parseArgs } from "node:util";

export interface CrashOptions {
  readonly rounds: number;
  /** The first round's; each further round has the next one. */
  readonly seed: number;
  /** Rounds at a time. */
  readonly parallel: number;
  /** Keep the data of every round, not only of failed ones. */
  readonly keep: boolean;
  /** A chain in every round, not only in every third. */
  readonly chain: boolean;
}

export const usage = `Usage: npm run test:crash -- [--rounds N] [--seed S] [--parallel P] [--keep] [--chain]
  --rounds N    rounds, each with a seed of its own (default 200)
  --seed S      seed of the first round; the next ones count on (default: from the clock)
  --parallel P  rounds at a time (default 2)
  --keep        keep the data directory of every round, not only of failed ones
  --chain       watch a chain in every round, not only in those of a seed that three divides
`;

/** @throws TypeError that names the wrong argument. */
export function parseOptions(args: readonly string[], nowMs: number): CrashOptions | "help" {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: { type: "string", default: "200" },
      seed: { type: "string", default: String(Math.floor(nowMs / 1_000) % 1_000_000) },
      parallel: { type: "string", default: "2" },
      keep: { type: "boolean", default: false },
      chain: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) return "help";
  return {
    rounds: whole("rounds", values.rounds, 1),
    seed: whole("seed", values.seed, 0),
    parallel: whole("parallel", values.parallel, 1),
    keep: values.keep,
    chain: values.chain,
  };
}

function whole(name: string, text: string, least: number): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= least) return number;
  throw new TypeError(`--${name}: "${text}" is no whole number from ${least} up`);
}

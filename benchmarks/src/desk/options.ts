import { parseArgs } from "node:util";

/** What an aggregator writes to, and who asks it. */
export type Setting = "no sinks" | "all sinks";

export interface DeskOptions {
  readonly json: boolean;
  readonly quick: boolean;
  readonly settings: readonly Setting[];
  /** Other checkouts to compare with, each with its dependencies installed. */
  readonly against: readonly string[];
  readonly tradesPerSecond: number;
  /** Load before the first round. */
  readonly settleSeconds: number;
  readonly rounds: number;
  /** Of each round. */
  readonly seconds: number;
  /** Parent of the data folders; undefined: the system's folder for temporary files. */
  readonly dir: string | undefined;
  /** Folder for CPU profiles of each of the aggregator's threads; undefined: none are taken. */
  readonly cpuProfile: string | undefined;
}

export const usage = `Usage: npm run bench:desk -- [options]

What the aggregator takes at a desk's load: CPU time of each thread, wake-ups and resident memory, settled. A trading
service in another process makes 100 trades a second with 7 spans each and sends them once a second. Twice at the same
time: without sinks; and with Redis, QuestDB and a scrape of /metrics every 5 seconds.

  --quick            settled after 3 s, 3 rounds of 2 s: it shows that everything runs
  --only SETTING     "none" or "all": without sinks, or with all of them
  --against DIR      another checkout of this repository (npm ci was run there), which gets the same spans at the same
                     time; may be given again
  --rate N           trades a second (default 100)
  --settle S         seconds of load before the first round (default 60)
  --rounds N         rounds (default 12)
  --seconds S        length of a round (default 5)
  --dir PATH         where the data folders are made; on the disk that is to be measured
  --cpu-profile DIR  also where the time goes: a .cpuprofile of each thread, which makes the figures larger
  --json             JSON instead of tables
`;

const QUICK = { settle: 3, rounds: 3, seconds: 2 };
const FULL = { settle: 60, rounds: 12, seconds: 5 };

/** @throws TypeError that names the wrong argument. */
export function parseOptions(args: readonly string[]): DeskOptions | "help" {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: "boolean", default: false },
      only: { type: "string" },
      against: { type: "string", multiple: true, default: [] },
      rate: { type: "string" },
      settle: { type: "string" },
      rounds: { type: "string" },
      seconds: { type: "string" },
      dir: { type: "string" },
      "cpu-profile": { type: "string" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) return "help";
  const mode = values.quick ? QUICK : FULL;
  return {
    json: values.json,
    quick: values.quick,
    settings: settingsOf(values.only),
    against: values.against,
    tradesPerSecond: wholeNumber("--rate", values.rate, 100),
    settleSeconds: wholeNumber("--settle", values.settle, mode.settle),
    rounds: wholeNumber("--rounds", values.rounds, mode.rounds),
    seconds: wholeNumber("--seconds", values.seconds, mode.seconds),
    dir: values.dir,
    cpuProfile: values["cpu-profile"],
  };
}

function settingsOf(only: string | undefined): readonly Setting[] {
  if (only === undefined) return ["no sinks", "all sinks"];
  if (only === "none") return ["no sinks"];
  if (only === "all") return ["all sinks"];
  throw new TypeError(`--only: "${only}" is neither "none" nor "all"`);
}

function wholeNumber(name: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1) return value;
  throw new TypeError(`${name}: "${text}" is not a whole number from 1 on`);
}

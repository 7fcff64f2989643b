import type { SimulationOptions } from "@slipstream/simulator";
import { type Command, Option } from "commander";
import { positiveNumber, shareOfAll, wholeNumber } from "./numbers.ts";

/** The flags that say how a simulated desk trades. */
export interface DeskFlags {
  readonly seed?: number;
  readonly duration?: number;
  readonly rate?: number;
  readonly attackRate?: number;
  readonly weather?: string;
  readonly groundTruth?: string;
}

/** Of `slipstream demo` and `slipstream simulate`. */
export function addDeskFlags(command: Command): Command {
  return command
    .addOption(
      new Option("--seed <number>", "seed of the market and of the desk's decisions (default: 1)").argParser(
        wholeNumber(0, Number.MAX_SAFE_INTEGER),
      ),
    )
    .addOption(
      new Option("--duration <seconds>", "end after this time (default: run until Ctrl-C)").argParser(
        positiveNumber(2_000_000),
      ),
    )
    .addOption(
      new Option("--rate <trades/s>", "average number of trades per second (default: 4)").argParser(
        positiveNumber(1_000),
      ),
    )
    .addOption(
      new Option(
        "--attack-rate <share>",
        "share of the unprotected trades that attackers try to attack, 0 to 1; they skip those that would earn them nothing " +
          "(default: 0.05)",
      ).argParser(shareOfAll),
    )
    .option(
      "--weather <name>",
      "how node, Jupiter and database behave: changing, calm, slow-node, failing-node, slow-jupiter, failing-jupiter, slow-store, " +
        "storm; or phases with their seconds, such as calm:60,storm:30,calm (default: changing, by itself)",
    )
    .option(
      "--ground-truth <file>",
      "write what really happened: a line of JSON for each trade and each attack, then the totals",
    );
}

/** The same as options of a simulation. */
export function deskOptions(flags: DeskFlags): Pick<
  SimulationOptions,
  "seed" | "durationSeconds" | "rate" | "attackRate" | "groundTruthFile"
> & {
  readonly weather: string | undefined;
} {
  const { seed, duration, rate, attackRate, weather, groundTruth } = flags;
  return { seed, durationSeconds: duration, rate, attackRate, weather, groundTruthFile: groundTruth };
}

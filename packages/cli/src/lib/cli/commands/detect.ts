import { Command, Option } from "commander";
import { examplesText } from "../examples.ts";
import { wholeNumber } from "../numbers.ts";
import { print, printJson } from "../print.ts";

interface Options {
  readonly json?: boolean;
  readonly windowMs?: number;
  readonly slotMs?: number;
}

/** Fewer cases than this are done too soon to show progress. */
const manyCases = 20;

export function detectCommand(): Command {
  return new Command("detect")
    .summary("find sandwiches in swap events or in a recorded block")
    .description(
      "Finds sandwich attacks and what they cost their victims. Reads an array of cases ({case, events}), swap events (an " +
        "array, or one a line) or a raw Solana getBlock answer, and recognizes which it is. Only round trips that paid off " +
        "count; the others of this shape are listed as candidates.",
    )
    .argument("<file>", "the file, - for standard input")
    .option("--json", "print as JSON")
    .addOption(
      new Option(
        "--window-ms <ms>",
        "how far apart front and back run may be (default: 1200, a leader's turn at 400 ms)",
      ).argParser(wholeNumber(0, 25_600)),
    )
    .addOption(
      new Option(
        "--slot-ms <ms>",
        "how long a slot takes (default: measured if the times in the input span a minute or more, otherwise 400)",
      ).argParser(wholeNumber(50, 10_000)),
    )
    .addHelpText(
      "after",
      examplesText(
        ["slipstream detect slot_285000037.json", "the swaps of a block"],
        ["slipstream detect events.ndjson --json | jq '.cases[].sandwiches'", "events, one a line"],
        ["slipstream detect - < cases.json", "from standard input"],
      ),
    )
    .action(detect);
}

async function detect(file: string, options: Options): Promise<void> {
  const [{ readText }, { detectCases }, { detectJson }, { detectReport }] = await Promise.all([
    import("../../detect/read-text.ts"),
    import("../../detect/detect-cases.ts"),
    import("../../detect/detect-json.ts"),
    import("../../detect/detect-report.ts"),
  ]);
  const cases = detectCases(await readText(file), file, {
    ...(options.windowMs === undefined ? {} : { windowMs: options.windowMs }),
    ...(options.slotMs === undefined ? {} : { slotMs: options.slotMs }),
    ...(process.stderr.isTTY ? { progress: showProgress } : {}),
  });
  if (options.json) await printJson(detectJson(cases));
  else await print(detectReport(cases));
}

function showProgress(done: number, all: number): void {
  if (all < manyCases) return;
  const filled = Math.floor((30 * done) / all);
  const bar = `[${"#".repeat(filled)}${".".repeat(30 - filled)}]`;
  process.stderr.write(done < all ? `\r${bar} ${done} of ${all} cases` : "\r\x1b[K");
}

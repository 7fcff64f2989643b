import type { Replay } from "@slipstream/aggregator";
import { quantity } from "@slipstream/conventions";
import { Command, InvalidArgumentError, Option } from "commander";
import { deskOption, unknownDesk } from "../desk-option.ts";
import { examplesText } from "../examples.ts";

interface Options {
  readonly from?: number;
  readonly to?: number;
  readonly json?: boolean;
  readonly desk?: string;
}

export function replayCommand(): Command {
  return new Command("replay")
    .summary("recompute every statistic from a log")
    .description(
      "Reads an aggregator's log from its beginning and recomputes every statistic. The result depends on the log alone, and is " +
        "what the aggregator shows. The aggregator may be running; nothing is changed.",
    )
    .argument("<log>", "the aggregator's data folder, .slipstream by default")
    .addOption(
      new Option(
        "--from <time>",
        "only what was received from this time on (ISO 8601 or Unix seconds): the statistics of that time alone",
      ).argParser(time),
    )
    .addOption(
      new Option(
        "--to <time>",
        "only what was received before this time: the statistics as they were then",
      ).argParser(time),
    )
    .addOption(deskOption())
    .option("--json", "print the statistics as /api/current gives them, and what was read")
    .addHelpText(
      "after",
      examplesText(
        ["slipstream replay .slipstream", "all of the log"],
        ["slipstream replay .slipstream --to 2026-01-20T14:00:00Z", "as of that time"],
        [
          "slipstream replay .slipstream --from 2026-01-20T13:00:00Z --to 2026-01-20T14:00:00Z",
          "of one hour",
        ],
        ["slipstream replay .slipstream --json | jq .statistics.success_rate", "one value"],
      ),
    )
    .action(replay);
}

async function replay(log: string, options: Options): Promise<void> {
  const [{ replayLog }, { replayJson, replayReport }] = await Promise.all([
    import("@slipstream/aggregator"),
    import("../../replay/replay-report.ts"),
  ]);
  const all = replayLog(log, { fromMs: options.from, toMs: options.to, onProgress: showProgress() });
  const result = { ...all, current: currentOf(all, options.desk) };
  if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
  console.log(
    options.json ? replayJson(result) : replayReport(result, process.stdout.columns || 100, options.desk),
  );
}

function currentOf({ current, ownDesk, others }: Replay, desk: string | undefined): Replay["current"] {
  if (desk === undefined || desk === ownDesk) return current;
  const found = others.get(desk);
  if (found === undefined) throw unknownDesk(desk, [ownDesk, ...others.keys()]);
  return found;
}

/** Unix ms. */
function time(text: string): number {
  const ms = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1_000 : Date.parse(text);
  if (Number.isFinite(ms)) return ms;
  throw new InvalidArgumentError("Allowed: a time like 2026-01-20T14:00:00Z, or Unix seconds.");
}

/** A line that is overwritten, on a terminal only. */
function showProgress():
  | ((progress: { readonly records: number; readonly spans: number }) => void)
  | undefined {
  if (!process.stderr.isTTY) return undefined;
  let toldMs = 0;
  return ({ records, spans }) => {
    if (performance.now() - toldMs < 200) return;
    toldMs = performance.now();
    process.stderr.write(`\rreading the log: ${quantity(records, "record")}, ${quantity(spans, "span")}`);
  };
}

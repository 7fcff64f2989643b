import { type TradeLabel, tradeLabels } from "@slipstream/conventions";
import { Command, Option } from "commander";
import { addConfigFlags, commandConfig } from "../../config/flags.ts";
import { clientOf } from "../client-of.ts";
import { deskOption } from "../desk-option.ts";
import { examplesText } from "../examples.ts";
import { takeSignals } from "../lifetime.ts";
import { loggingOptions } from "../options.ts";

interface Options {
  readonly once?: boolean;
  readonly json?: boolean;
  readonly by?: TradeLabel;
  readonly desk?: string;
}

export function topCommand(): Command {
  const command = new Command("top")
    .summary("watch a running aggregator")
    .description(
      "Shows a running aggregator's statistics and alerts: trades, latency, money, health. On a terminal it redraws every second and " +
        "waits for an aggregator that does not answer; otherwise it logs a line every 5 s.",
    )
    .option("--once", "print it once and end; exit code 1 if no aggregator answers")
    .option("--json", "print /api/current as JSON: once with --once, otherwise a line every second")
    .addOption(
      new Option(
        "--by <label>",
        "show trades by this label (default: pair, if the terminal has room)",
      ).choices(tradeLabels),
    )
    .addOption(deskOption())
    .addHelpText(
      "after",
      examplesText(
        ["slipstream top", "the aggregator on 127.0.0.1:9480"],
        ["slipstream top --endpoint http://10.0.0.5:9480 --token SECRET", "one on another machine"],
        ["slipstream top --by strategy", "trades by strategy"],
        ["slipstream top --desk beta", "another desk that sends to the same aggregator"],
        ["slipstream top --once", "print it once"],
        ["slipstream top --once --json | jq .statistics.success_rate", "one value"],
      ),
    );
  return addConfigFlags(command, "endpoint", "token", loggingOptions).action(top);
}

async function top({ desk, ...options }: Options): Promise<void> {
  const { config } = await commandConfig({ ...options });
  const [client, { watchOnScreen, watchInLog }, { printOnce, printLines }, { createLog }] = await Promise.all(
    [
      clientOf(config, desk),
      import("../../view/watch.ts"),
      import("../../view/print.ts"),
      import("../human-log.ts"),
    ],
  );
  const title = desk === undefined ? "top" : `top, desk ${desk}`;
  if (options.once) return printOnce(client, { title, json: options.json === true, by: options.by });
  const lifetime = takeSignals();
  const { signal } = lifetime;
  if (options.json) await printLines(client, signal);
  else if (process.stdout.isTTY)
    await watchOnScreen({
      title,
      client,
      signal,
      by: options.by,
    });
  else await watchInLog({ client, signal, logger: createLog(config) });
  lifetime.release();
}

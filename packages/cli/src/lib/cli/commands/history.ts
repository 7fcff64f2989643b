import type { FoundRows, HistoryReader } from "@slipstream/aggregator";
import { historyTableNames, SlipstreamError } from "@slipstream/conventions";
import { Argument, Command, Option } from "commander";
import type { ResolvedConfig } from "../../config/components.ts";
import { addConfigFlags, commandConfig } from "../../config/flags.ts";
import { deskIn, deskOption } from "../desk-option.ts";
import { examplesText } from "../examples.ts";
import { wholeNumber } from "../numbers.ts";
import { print, printJson } from "../print.ts";

interface Options {
  readonly from?: string;
  readonly to?: string;
  readonly pair?: string;
  readonly service?: string;
  readonly operation?: string;
  readonly label?: string;
  readonly value?: string;
  readonly limit: number;
  readonly json?: boolean;
  readonly data?: string;
  readonly questdb?: string | true;
  readonly desk?: string;
}

export function historyCommand(): Command {
  const command = new Command("history")
    .summary("read trades, latencies, verdicts, alerts and benchmarks")
    .description(
      "Prints rows of the history, the newest --limit of them, oldest first: from the embedded store of a data folder, also " +
        "while an aggregator runs on it, or from QuestDB. docs/history.md describes every column.",
    )
    .addArgument(new Argument("<table>", "which table").choices(historyTableNames))
    .option(
      "--from <time>",
      "from this time on: 2026-03-01, 2026-03-01T10:30:00Z, or a time ago: 15m, 2h, 7d",
    )
    .option("--to <time>", "before this time")
    .option("--pair <pair>", "only this pair")
    .option("--service <name>", "only this service")
    .option("--operation <name>", "only this operation")
    .option("--label <name>", "for trades_by_label: only this label, such as pair")
    .option("--value <value>", "for trades_by_label: only this value of the label")
    .addOption(
      new Option("--limit <number>", "most rows to print").argParser(wholeNumber(1, 1_000_000)).default(50),
    )
    .addOption(deskOption())
    .option("--json", "print every column as JSON")
    .option(
      "--questdb [conf]",
      "read from QuestDB, at this configuration string (default: the configured one; env: QDB_CLIENT_CONF)",
    )
    .addHelpText(
      "after",
      examplesText(
        ["slipstream history trades", "the last 50 trades"],
        [
          "slipstream history trades --pair SOL/USDC --from 2h --json",
          "the last two hours of one pair, as JSON",
        ],
        ["slipstream history latency_percentiles --operation solana.rpc", "one row a minute"],
        ["slipstream history trades_by_label --label pair", "by pair, a row a minute for each"],
        [
          "slipstream history calls_by_service --service desk",
          "calls of the node, of Jupiter and of databases",
        ],
        ["slipstream history trades --desk beta", "another desk that sends to the same aggregator"],
        ["slipstream history trades --data .slipstream/demo", "the demo's"],
        ["slipstream history trades --questdb 'http::addr=127.0.0.1:9000;'", "from QuestDB"],
      ),
    );
  return addConfigFlags(command, "dataDir", "questdbPg", "questdbTablePrefix").action(history);
}

async function history(table: string, { desk, ...options }: Options): Promise<void> {
  if (options.data !== undefined && options.questdb !== undefined) {
    throw new SlipstreamError(
      "usage",
      "--data and --questdb exclude each other; rows are read from one of them",
    );
  }
  const { config } = await commandConfig({ ...options });
  const [{ historyReport, historyJson }, { timeArgument }] = await Promise.all([
    import("../../history/history-report.ts"),
    import("../../history/time-argument.ts"),
  ]);
  const name = historyTableNames.find((known) => known === table) ?? "trades";
  const nowMs = Date.now();
  const query = {
    table: name,
    fromMs: timeArgument("--from", options.from, nowMs),
    toMs: timeArgument("--to", options.to, nowMs),
    limit: options.limit,
    equal: {
      ...(options.pair !== undefined && { pair: options.pair }),
      ...(options.service !== undefined && { service: options.service }),
      ...(options.operation !== undefined && { operation: options.operation }),
      ...(options.label !== undefined && { label: options.label }),
      ...(options.value !== undefined && { value: options.value }),
    },
  };
  const reader = await openReader(config, options);
  try {
    const { rows, missing } = await reader.find({
      ...query,
      desk: await deskIn(reader, desk, config.desk),
    });
    if (options.json) await printJson(historyJson(rows));
    else if (rows.length > 0) await print(historyReport(name, rows));
    else console.error(`slipstream: ${await noRows(config, options)}`);
    await failIfMissing(missing);
  } finally {
    await reader.close();
  }
}

/** What was printed may not be all. @throws SlipstreamError `history_damaged` */
async function failIfMissing(missing: FoundRows["missing"]): Promise<void> {
  const { missingInAll, missingText } = await import("@slipstream/aggregator");
  const inAll = missingInAll(missing);
  if (inAll === undefined) return;
  const text = `${missingText(inAll)}. They are not in what was printed, if they belong there`;
  throw new SlipstreamError("history_damaged", text, { field: "data" });
}

async function noRows({ dataDir }: ResolvedConfig, { questdb }: Options): Promise<string> {
  if (questdb !== undefined) return "no such rows in QuestDB";
  const { demoHistory } = await import("@slipstream/aggregator");
  const demo = demoHistory(dataDir);
  const hint = demo === undefined ? "" : `. For the demo's: --data ${demo}`;
  return `no such rows in ${dataDir}${hint}`;
}

async function openReader(config: ResolvedConfig, options: Options): Promise<HistoryReader> {
  const { openEmbeddedReader, openQuestDbReader } = await import("@slipstream/aggregator");
  if (options.questdb === undefined) return openEmbeddedReader(config.dataDir);
  if (config.questdb === undefined) {
    throw new SlipstreamError(
      "usage",
      "--questdb needs a configuration string, here or in QDB_CLIENT_CONF: http::addr=127.0.0.1:9000;",
    );
  }
  return openQuestDbReader({
    conf: config.questdb,
    pgUrl: config.questdbPg,
    tablePrefix: config.questdbTablePrefix,
  });
}

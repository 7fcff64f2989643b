import type {
  AdviceAnswer,
  MevAnswer,
  MevQuestion,
  MevReport,
  ReportDimension,
} from "@slipstream/aggregator";
import { hasCode, SlipstreamError } from "@slipstream/conventions";
import type { Explanation } from "@slipstream/mev";
import { Command, Option } from "commander";
import type { ResolvedConfig } from "../../config/components.ts";
import { addConfigFlags, commandConfig } from "../../config/flags.ts";
import { deskIn, deskOption } from "../desk-option.ts";
import { examplesText } from "../examples.ts";
import { positiveNumber } from "../numbers.ts";
import { print, printJson } from "../print.ts";

interface Options {
  readonly from?: string;
  readonly to?: string;
  readonly json?: boolean;
  readonly data?: string;
  readonly desk?: string;
}

interface ReportOptions extends Options {
  readonly by: ReportDimension;
}

interface ExplainOptions extends Options {
  readonly rpc?: string;
  readonly blocks?: string;
}

interface AdviseOptions extends Options {
  readonly pair: string;
  readonly size: number;
  readonly urgency?: string;
  readonly slippageBps?: number;
}

const dimensions: readonly ReportDimension[] = ["pair", "size", "protection", "hour"];
const DAY_MS = 86_400_000;
const ADVICE_DAYS = 30;
/** A report on many trades takes seconds. */
const TIMEOUT_MS = 120_000;

export function mevCommand(): Command {
  const command = new Command("mev")
    .summary("what MEV cost the desk, which fee to offer, and why a trade has its verdict")
    .description(
      "Reads the verdicts on the desk's own trades from a data folder, also while an aggregator runs on it, or asks a running " +
        "aggregator (--endpoint). Verdicts need the blocks around the trades: slipstream aggregate --rpc.",
    );
  command.addCommand(reportCommand());
  command.addCommand(adviseCommand());
  command.addCommand(explainCommand());
  return command;
}

function reportCommand(): Command {
  const command = new Command("report")
    .summary("what was lost, to whom, where, and what to change")
    .description(
      "Attacks on the desk's trades, what they cost and what would help, with 95 % intervals. docs/mev.md has the formulas.",
    )
    .option(
      "--from <time>",
      "from this time on: 2026-03-01, 2026-03-01T10:30:00Z, or a time ago: 2h, 7d (default: 24h)",
    )
    .option("--to <time>", "before this time (default: now)")
    .addOption(new Option("--by <what>", "what to group trades by").choices(dimensions).default("pair"))
    .option("--json", "print all of it as JSON")
    .addHelpText(
      "after",
      examplesText(
        ["slipstream mev report", "the last day"],
        ["slipstream mev report --from 7d --by size", "a week, by size"],
        [
          "slipstream mev report --endpoint http://127.0.0.1:9480 --json",
          "from a running aggregator, as JSON",
        ],
        ["slipstream mev report --desk beta", "of another desk that sends to the same aggregator"],
        ["slipstream mev report --data .slipstream/demo", "the demo's"],
      ),
    );
  return addConfigFlags(command.addOption(deskOption()), "dataDir", "endpoint", "token").action(report);
}

function adviseCommand(): Command {
  const command = new Command("advise")
    .summary("which fee and tip to offer")
    .description(
      "The offer of the highest expected value for a trade, learned from the desk's trades of the last 30 days; or how little is known. " +
        "The urgency is a word that the desk's trades carry as trade.strategy.",
    )
    .requiredOption("--pair <pair>", "the pair, as in SOL/USDC")
    .addOption(
      new Option("--size <usd>", "size of the trade, USD")
        .argParser(positiveNumber(1e9))
        .makeOptionMandatory(),
    )
    .option(
      "--urgency <word>",
      "how soon it must land, as in trade.strategy (default: learn from trades of any)",
    )
    .addOption(
      new Option(
        "--slippage-bps <bps>",
        "slippage tolerance, basis points: attackers take no more than it lets them (default: as the pair's trades had it)",
      ).argParser(positiveNumber(10_000)),
    )
    .option("--from <time>", "learn from this time on (default: 30d)")
    .option("--to <time>", "learn from before this time")
    .option("--json", "print all of it as JSON")
    .addHelpText(
      "after",
      examplesText(
        ["slipstream mev advise --pair SOL/USDC --size 5000", "what to offer for it"],
        ["slipstream mev advise --pair SOL/USDC --size 5000 --urgency high", "learned from such trades only"],
        ["slipstream mev advise --pair SOL/USDC --size 5000 --slippage-bps 50", "with a tolerance of 0.5 %"],
      ),
    );
  return addConfigFlags(command.addOption(deskOption()), "dataDir", "endpoint", "token").action(advise);
}

function explainCommand(): Command {
  const command = new Command("explain")
    .summary("one trade's verdict and everything that it rests on")
    .description(
      "Prints the verdict on a trade with its evidence: the slots that were seen, the swaps around it in order and who signed them, " +
        "what could not be decoded, the replay with and without the attack, tips and protection. Reads the history and the log of a " +
        "data folder, also while an aggregator runs on it, or asks a running aggregator (--endpoint). If the log has gaps, --rpc or " +
        "--blocks reads the blocks again.",
    )
    .argument("<trade>", "a trade id, a trace id or a transaction signature")
    .option("--json", "print all of it as JSON, with whole addresses and amounts")
    .addHelpText(
      "after",
      examplesText(
        ["slipstream history mev_verdicts", "which trades have verdicts"],
        ["slipstream mev explain TRADE", "one of them"],
        ["slipstream mev explain TRADE --data .slipstream/demo", "one of the demo's"],
        ["slipstream mev explain TRADE --rpc https://NODE/KEY", "with blocks that the log no longer holds"],
        ["slipstream mev explain TRADE --json | jq .swaps", "the swaps around it"],
      ),
    );
  command.addOption(deskOption());
  return addConfigFlags(command, "dataDir", "endpoint", "token", "rpcUrl", "blocksDir").action(explain);
}

async function explain(trade: string, options: ExplainOptions): Promise<void> {
  const explanation = await explanationOf(trade, options);
  const { explainText } = await import("../../mev/explain-text.ts");
  if (options.json) await printJson(explanation);
  else await print(explainText(explanation));
}

async function explanationOf(
  trade: string,
  { desk: name, ...options }: ExplainOptions,
): Promise<Explanation> {
  const { config } = await commandConfig({ ...options });
  if (config.endpoint !== undefined && options.data === undefined) {
    if (options.rpc !== undefined || options.blocks !== undefined) {
      const message =
        "--rpc and --blocks read beside a data folder: name it with --data, and leave out --endpoint";
      throw new SlipstreamError("usage", message);
    }
    const query = new URLSearchParams({ trade, ...(name !== undefined && { desk: name }) });
    return fetchAnswer<Explanation>(config, `/api/mev/explain?${query}`).catch(orFromFolder);
  }
  const { explainTrade, historyOfDesk, openBlockSource, openEmbeddedReader } = await import(
    "@slipstream/aggregator"
  );
  const reader = openEmbeddedReader(config.dataDir);
  try {
    const history = historyOfDesk(reader, await deskIn(reader, name, config.desk));
    return await explainTrade({ history, log: config.dataDir, blocks: openBlockSource(config) }, trade);
  } finally {
    await reader.close();
  }
}

function orFromFolder(error: unknown): never {
  if (!(error instanceof SlipstreamError) || !hasCode(error, "unreachable")) throw error;
  throw new SlipstreamError(error.code, `${error.message}, or read the data folder: --data FOLDER`, {
    cause: error,
  });
}

async function report(options: ReportOptions): Promise<void> {
  const span = await spanOf(options, 1);
  const answer: MevReport = await ask(
    options,
    { kind: "report", by: options.by, ...span },
    { by: options.by },
  );
  const { mevReportText } = await import("../../mev/report-text.ts");
  if (options.json) await printJson(answer);
  else await print(mevReportText(answer, options.desk));
}

async function advise(options: AdviseOptions): Promise<void> {
  const { pair, size: sizeUsd, urgency = null, slippageBps = null } = options;
  const query = { pair, sizeUsd, urgency, slippageBps };
  const question = { kind: "advice" as const, ...query, ...(await spanOf(options, ADVICE_DAYS)) };
  const answer: AdviceAnswer = await ask(options, question, {
    pair,
    sizeUsd: String(sizeUsd),
    ...(urgency === null ? {} : { urgency }),
    ...(slippageBps === null ? {} : { slippageBps: String(slippageBps) }),
  });
  const { adviceText } = await import("../../mev/advice-text.ts");
  if (options.json) await printJson(answer);
  else await print(adviceText(answer));
}

async function spanOf(options: Options, days: number): Promise<{ fromMs: number; toMs: number }> {
  const { timeArgument } = await import("../../history/time-argument.ts");
  const nowMs = Date.now();
  const toMs = timeArgument("--to", options.to, nowMs) ?? nowMs + 1;
  const fromMs = timeArgument("--from", options.from, nowMs) ?? toMs - days * DAY_MS;
  if (fromMs < toMs) return { fromMs, toMs };
  throw new SlipstreamError("usage", "--from must be before --to");
}

async function ask<Question extends MevQuestion>(
  { desk: name, ...options }: Options,
  question: Question,
  query: Readonly<Record<string, string>>,
): Promise<MevAnswer<Question>> {
  const { config } = await commandConfig({ ...options });
  if (config.endpoint !== undefined && options.data === undefined) {
    const { fromMs, toMs } = question;
    const span = { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() };
    const path = question.kind === "report" ? "/api/mev" : "/api/advice";
    const desk = name === undefined ? {} : { desk: name };
    return fetchAnswer(config, `${path}?${new URLSearchParams({ ...query, ...span, ...desk })}`);
  }
  const { answerMev, openEmbeddedReader } = await import("@slipstream/aggregator");
  const reader = openEmbeddedReader(config.dataDir);
  try {
    return await answerMev(reader, { ...question, desk: await deskIn(reader, name, config.desk) });
  } finally {
    await reader.close();
  }
}

async function fetchAnswer<T>({ endpoint = "", token }: ResolvedConfig, path: string): Promise<T> {
  const { AggregatorClient, messageOf, unauthorized } = await import("../../client/aggregator-client.ts");
  const client = new AggregatorClient({ endpoint, token, timeoutMs: TIMEOUT_MS });
  const { status, text } = await client.get(path);
  if (status === 200) return JSON.parse(text) as T;
  if (status === 401) throw unauthorized(endpoint);
  throw new SlipstreamError("failed", `${endpoint} answered ${status}: ${messageOf(text)}`);
}

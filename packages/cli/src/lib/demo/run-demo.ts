import { createAggregator, openEmbeddedReader } from "@slipstream/aggregator";
import type { Rule } from "@slipstream/alerts";
import { hasCode, quantity, SlipstreamError } from "@slipstream/conventions";
import { type ForkOptions, forkSimulation, type SimulatorProcess, type Summary } from "@slipstream/simulator";
import type { Logger } from "pino";
import { AggregatorClient } from "../client/aggregator-client.ts";
import type { ResolvedConfig } from "../config/components.ts";
import { EventLog } from "../view/events.ts";
import { watchInLog, watchOnScreen } from "../view/watch.ts";
import { newsOfAlerts } from "./alert-news.ts";
import { type Counted, countedBy, untilCounted } from "./counted.ts";
import { demoRules, demoRulesNotice } from "./demo-rules.ts";
import { eventLogger } from "./event-logger.ts";
import { type FiredAlert, firedAlerts } from "./fired-alerts.ts";
import { tellAttacks } from "./tell-attacks.ts";

export interface DemoOptions {
  /** With the demo's own data folder. */
  readonly config: ResolvedConfig;
  /** Rules of a file that the user names, complete; undefined: the demo's only. */
  readonly rules?: readonly Rule[] | undefined;
  /** How the desk trades. */
  readonly desk: Omit<ForkOptions, "endpoint" | "token" | "onError">;
  /** Said once, at the start. */
  readonly notice: string | undefined;
  /** Ends the demo. */
  readonly signal: AbortSignal;
  readonly logger: Logger;
}

export interface DemoResult {
  /** What the desk did. */
  readonly desk: Summary;
  /** What the aggregator counted of it. */
  readonly counted: Counted;
  /** What fired since it began. */
  readonly alerts: readonly FiredAlert[];
  readonly url: string;
}

/** Transitions that the end of the demo reports of: the newest. */
const MOST_ALERT_ROWS = 1_000;

/** An aggregator here, a simulated desk in a process of its own, and the view of both, until one of them ends it. */
export async function runDemo(options: DemoOptions): Promise<DemoResult> {
  const { config, signal, logger, notice } = options;
  const onScreen = process.stdout.isTTY === true;
  // Notifications are shown instead, with what they say.
  const events = new EventLog({ alerts: false });
  const tell = (text: string): void => (onScreen ? events.add(text, Date.now()) : logger.info(text));
  if (notice !== undefined) tell(notice);
  const startMs = Date.now();
  // The desk trades on a chain of its own.
  const { rpcUrl: _, blocksDir: __, ...own } = config;
  const aggregator = await createAggregator({
    ...own,
    rules: demoRules(options.rules),
    logger: onScreen ? eventLogger(events) : logger,
    print: onScreen ? (text) => newsOfAlerts(text).forEach(tell) : undefined,
  });
  try {
    const client = new AggregatorClient({ endpoint: aggregator.url, token: config.token });
    const before = countedBy(aggregator.current());
    tell(demoRulesNotice(options.desk.weather));
    const earlier = before.success + before.failed;
    if (earlier > 0) {
      tell(
        `Totals include ${quantity(earlier, "trade")} of earlier runs. To start over, delete ${config.dataDir} when the demo has ended.`,
      );
    }
    // The desk's node goes with the desk, so the desk is ended here, when nobody reads blocks there any more.
    const { durationSeconds, ...deskOptions } = options.desk;
    const desk = await startDesk({
      ...deskOptions,
      endpoint: aggregator.url,
      token: config.token,
      onError: (message) => (onScreen ? events.add(message, Date.now()) : logger.warn(message)),
    });
    const unwatch = aggregator.watch({ rpcUrl: desk.nodeUrl });
    const deskEnded = new AbortController();
    desk.done.catch(() => undefined).finally(() => deskEnded.abort());
    // It takes whole milliseconds only, and 1.001 s are 1000.9999999999999 of them.
    const over =
      durationSeconds === undefined ? [] : [AbortSignal.timeout(Math.ceil(durationSeconds * 1000))];
    const ended = AbortSignal.any([signal, deskEnded.signal, ...over]);
    const watched = new AbortController();
    const news = tellAttacks({
      dataDir: config.dataDir,
      signal: watched.signal,
      tell: ({ text, values }) => (onScreen ? events.add(text, Date.now()) : logger.info(values, text)),
    });
    if (onScreen) await watchOnScreen({ title: "demo", client, signal: ended, events });
    else await watchInLog({ client, signal: ended, logger, events });
    watched.abort();
    await news;
    await unwatch();
    const summary = await desk.stop().catch((error: unknown) => {
      throw new SlipstreamError("failed", messageOf(error));
    });
    const counted = await untilCounted(aggregator, before, summary);
    const alerts = await alertsSince(config.dataDir, startMs);
    return { desk: summary, counted, alerts, url: aggregator.url };
  } finally {
    await aggregator.close();
  }
}

async function alertsSince(dataDir: string, fromMs: number): Promise<readonly FiredAlert[]> {
  const history = openEmbeddedReader(dataDir);
  try {
    return firedAlerts(await history.rows({ table: "alerts", fromMs, limit: MOST_ALERT_ROWS }));
  } finally {
    await history.close();
  }
}

async function startDesk(options: ForkOptions): Promise<SimulatorProcess> {
  try {
    return await forkSimulation(options);
  } catch (error) {
    const wrongOption = hasCode(error, "invalid_option");
    throw new SlipstreamError(wrongOption ? "usage" : "failed", messageOf(error));
  }
}

function messageOf(error: unknown): string {
  return `the simulated desk: ${error instanceof Error ? error.message : String(error)}`;
}

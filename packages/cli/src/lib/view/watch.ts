import { setTimeout as sleep } from "node:timers/promises";
import type { TradeLabel } from "@slipstream/conventions";
import type { Logger } from "pino";
import type { AggregatorClient } from "../client/aggregator-client.ts";
import { ClientError } from "../client/client-error.ts";
import { EventLog } from "./events.ts";
import { onQuitKey } from "./keys.ts";
import { renderView } from "./render.ts";
import { Screen } from "./screen.ts";
import { type Snapshot, takeSnapshot } from "./snapshot.ts";
import { paintFor } from "./style.ts";
import { summaryOf } from "./summary.ts";

export interface WatchOptions {
  readonly title: string;
  readonly client: AggregatorClient;
  /** Ends the watch. */
  readonly signal: AbortSignal;
  readonly events?: EventLog;
  /** What trades are shown by. */
  readonly by?: TradeLabel | undefined;
}

const REDRAW_MS = 1_000;
const REPORT_MS = 5_000;
const LOOK_MS = 250;

/** Draws the view each second on the terminal until the signal aborts or q is typed. */
export async function watchOnScreen({
  title,
  client,
  signal,
  events = new EventLog(),
  by,
}: WatchOptions): Promise<void> {
  const screen = new Screen(process.stdout);
  const paint = paintFor(process.env.NO_COLOR === undefined || process.env.NO_COLOR === "");
  const quit = new AbortController();
  const ended = AbortSignal.any([signal, quit.signal]);
  let snapshot: Snapshot | undefined;
  let away: string | undefined;
  const draw = (): void => {
    const view = {
      title,
      endpoint: client.endpoint,
      snapshot,
      away,
      events: events.events,
      nowMs: Date.now(),
      by,
    };
    screen.draw(renderView(view, screen.size, paint));
  };
  screen.open();
  draw();
  const stopKeys = onQuitKey(process.stdin, () => quit.abort());
  process.stdout.on("resize", draw);
  try {
    while (!ended.aborted) {
      try {
        snapshot = await takeSnapshot(client);
        events.follow(snapshot);
        if (away !== undefined) events.add("the aggregator answers", snapshot.takenMs);
        away = undefined;
      } catch (error) {
        if (away === undefined && snapshot !== undefined) events.add("the aggregator went away", Date.now());
        away = `${error instanceof ClientError ? error.short : messageOf(error)}; trying again each second`;
      }
      draw();
      await pause(REDRAW_MS, ended);
    }
  } finally {
    process.stdout.off("resize", draw);
    stopKeys();
    screen.close();
  }
}

export interface LogWatchOptions {
  readonly client: AggregatorClient;
  readonly signal: AbortSignal;
  readonly logger: Logger;
  readonly events?: EventLog;
}

/**
 * Logs a summary each 5 s until the signal aborts: for output that nobody looks at as it comes. The first one comes as
 * soon as there is a trade to tell of, so that one sees that it works.
 */
export async function watchInLog({
  client,
  signal,
  logger,
  events = new EventLog(),
}: LogWatchOptions): Promise<void> {
  let away: string | undefined;
  logger.info({ metrics: `${client.endpoint}/metrics` }, `Watching ${client.endpoint}`);
  const firstBy = performance.now() + REPORT_MS;
  let reported = false;
  while (!signal.aborted) {
    await pause(reported ? REPORT_MS : LOOK_MS, signal);
    if (signal.aborted) return;
    try {
      const snapshot = await takeSnapshot(client);
      for (const { text } of events.follow(snapshot)) logger.info(text);
      const { values, text } = summaryOf(snapshot);
      away = undefined;
      if (!reported && values.tradesInWindow === 0 && performance.now() < firstBy) continue;
      logger.info(values, text);
      reported = true;
    } catch (error) {
      const message = messageOf(error);
      if (message !== away) logger.warn(message);
      away = message;
    }
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Waits, or ends early without an error where the signal aborts. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}

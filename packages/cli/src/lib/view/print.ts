import { setTimeout as sleep } from "node:timers/promises";
import type { TradeLabel } from "@slipstream/conventions";
import type { AggregatorClient } from "../client/aggregator-client.ts";
import { renderView } from "./render.ts";
import { takeSnapshot } from "./snapshot.ts";
import { paintFor } from "./style.ts";

/** Prints the statistics once. @throws ClientError if no aggregator answers */
export async function printOnce(
  client: AggregatorClient,
  {
    title,
    json,
    by,
  }: { readonly title: string; readonly json: boolean; readonly by?: TradeLabel | undefined },
): Promise<void> {
  if (json) {
    console.log(JSON.stringify(await client.current(), undefined, 2));
    return;
  }
  const snapshot = await takeSnapshot(client);
  const { endpoint } = client;
  const view = { title, endpoint, snapshot, away: undefined, events: [], nowMs: snapshot.takenMs, by };
  const size = { columns: process.stdout.columns || 100, rows: Number.POSITIVE_INFINITY };
  const lines = renderView(view, size, paintFor(process.stdout.isTTY && !process.env.NO_COLOR));
  console.log(lines.slice(0, -1).join("\n"));
}

/** Prints the statistics as a line of JSON each second until the signal aborts; nothing while no aggregator answers. */
export async function printLines(client: AggregatorClient, signal: AbortSignal): Promise<void> {
  let away: string | undefined;
  while (!signal.aborted) {
    try {
      console.log(JSON.stringify(await client.current()));
      away = undefined;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (message !== away) console.error(`slipstream: ${message}`);
      away = message;
    }
    await sleep(1_000, undefined, { signal }).catch(() => undefined);
  }
}

import type { TradeTruth } from "../../truth/model.ts";
import { CallError, HttpClient } from "../http-client.ts";
import type { Store } from "./store.ts";

/** Writes each trade as a row in line protocol to the stand-in for QuestDB. */
export function standInStore(url: string, timeoutMs: number, stopped: AbortSignal): Store {
  const http = new HttpClient(timeoutMs, stopped);
  return {
    type: "questdb",
    attributes: {},
    attempts: 2,
    get connections() {
      return http.connections;
    },
    write: async ({ trade }) => {
      const body = rowOf(trade);
      const answer = await http.send({
        method: "POST",
        url: `${url}/write`,
        body,
        contentType: "text/plain",
      });
      expect204(answer.status);
    },
    check: async () => expect204((await http.send({ method: "GET", url: `${url}/ping` })).status),
    close: async () => http.close(),
  };
}

function expect204(status: number): void {
  if (status !== 204) throw new CallError("http", `the store answered ${status}`, status);
}

function rowOf(trade: TradeTruth): string {
  const { pair, side, status, sizeUsd, pnlUsd, decidedAtMs } = trade;
  const fields = [`size_usd=${sizeUsd}`, `id="${trade.id}"`];
  if (pnlUsd !== null) fields.push(`pnl_usd=${pnlUsd}`);
  if (trade.accepted) fields.push(`latency_ms=${trade.latencyMs}`);
  return `trades,pair=${pair},side=${side},status=${status} ${fields.join(",")} ${decidedAtMs}000000\n`;
}

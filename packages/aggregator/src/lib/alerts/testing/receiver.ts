import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import type { Channel, Message, Outcome } from "../channels/channel.ts";

/** What a receiver does with a message. */
export type Behaviour = "take" | "hang" | "reset" | number | { readonly retryAfterMs: number };

export interface Received {
  readonly keys: readonly string[];
  readonly more: number;
  readonly collapsed: number;
  readonly isLate: boolean;
  /** Time of receipt, by the process's clock. */
  readonly atMs: number;
}

/** A real HTTP server that messages are sent to. */
export interface Receiver {
  readonly url: string;
  /** Messages that were taken, in order. */
  readonly taken: readonly Received[];
  /** Keys of what was taken, in order, with repeats. */
  keys(): readonly string[];
  /** Messages that came, taken or not. */
  readonly asked: number;
  /** From the next message on. */
  behave(how: Behaviour): void;
  close(): Promise<void>;
}

export async function startReceiver(port = 0): Promise<Receiver> {
  let how: Behaviour = "take";
  let asked = 0;
  const taken: Received[] = [];
  const answer = (response: ServerResponse, message: Received): void => {
    if (how === "hang") return;
    if (how === "reset") void response.socket?.resetAndDestroy();
    else if (how === "take") {
      taken.push(message);
      response.end();
    } else if (typeof how === "number") response.writeHead(how).end();
    else response.writeHead(429, { "retry-after-ms": String(how.retryAfterMs) }).end();
  };
  const server = createServer((request, response) => {
    asked += 1;
    json(request).then(
      (message) => answer(response, { ...(message as Omit<Received, "atMs">), atMs: performance.now() }),
      () => undefined,
    );
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    taken,
    keys: () => taken.flatMap(({ keys }) => keys),
    get asked() {
      return asked;
    },
    behave: (next) => {
      how = next;
    },
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** A channel to a receiver: 4xx refuses, 410 parks, everything else that is not 200 fails. */
export function channelTo(name: string, url: string, mostTogether = 1): Channel {
  return { name, type: "test", mostTogether, send: (message, signal) => post(url, message, signal) };
}

async function post(url: string, message: Message, signal: AbortSignal): Promise<Outcome> {
  const { notifications, more, collapsed, lateMs } = message;
  const body = JSON.stringify({
    keys: notifications.map(({ key }) => key),
    more,
    collapsed,
    isLate: lateMs !== undefined,
  });
  try {
    const response = await fetch(url, { method: "POST", body, signal });
    await response.arrayBuffer();
    const { status, headers } = response;
    const reason = `answered ${status}`;
    if (status === 200) return { outcome: "delivered" };
    if (status === 410) return { outcome: "parked", reason };
    if (status === 429) return { outcome: "failed", reason, afterMs: Number(headers.get("retry-after-ms")) };
    return status < 500 ? { outcome: "refused", reason } : { outcome: "failed", reason };
  } catch (error) {
    return { outcome: "failed", reason: error instanceof Error ? error.message : String(error) };
  }
}

import type { ServerResponse } from "node:http";
import type { Connection } from "./connection.ts";
import type { Connections } from "./connections.ts";
import { type KernelQueues, readKernelQueues } from "./kernel-queues.ts";
import type { ConnectionLimits } from "./limits.ts";

/** Answers of up to this size, such as those to deliveries, are never refused: one a connection, they stay few bytes. */
const SMALL_BYTES = 4 * 1024;
/** An answer without progress for so long may be given up if all answers together are too large. */
const STUCK_MS = 1_000;
/** From here on the kernel is asked whether it makes progress. */
const ASK_KERNEL_MS = 5_000;

/** An answer that its client has not taken yet. */
interface Untaken {
  readonly connection: Connection;
  readonly body: string | Uint8Array;
  /** When its client last took something, `performance.now()`. */
  progressMs: number;
  /** Bytes sent on the connection then. */
  sentBytes: number;
  /** What the kernel had left to send when it was last asked. */
  queuedBytes: number | undefined;
}

/**
 * The answers that clients have not taken yet. Their bytes are bounded: at the limit, the client that has taken nothing for
 * the longest time is cut. One that takes nothing for `unreadMs` is cut in any case; one that reads slowly is served.
 */
export class Answers {
  /** Bytes held for all answers. A body that several clients wait for counts once. */
  bytes = 0;
  readonly #connections: Connections;
  readonly #limits: Pick<ConnectionLimits, "maxAnswerBytes" | "unreadMs">;
  readonly #untaken = new Map<ServerResponse, Untaken>();
  readonly #users = new Map<Uint8Array, number>();

  constructor(connections: Connections, limits: Pick<ConnectionLimits, "maxAnswerBytes" | "unreadMs">) {
    this.#connections = connections;
    this.#limits = limits;
  }

  /** Whether the answer may be written. It then counts until its response closes. */
  admit(connection: Connection, response: ServerResponse, body: string | Uint8Array): boolean {
    // Its response closed already: nobody is there to take it.
    if (connection.socket.destroyed) return true;
    const users = typeof body === "string" ? 0 : (this.#users.get(body) ?? 0);
    if (users === 0) {
      const length = Buffer.byteLength(body);
      while (length > SMALL_BYTES && this.bytes > 0 && this.bytes + length > this.#limits.maxAnswerBytes) {
        if (!this.#cutMostStuck()) return false;
      }
      this.bytes += length;
    }
    if (typeof body !== "string") this.#users.set(body, users + 1);
    this.#untaken.set(response, {
      connection,
      body,
      progressMs: performance.now(),
      sentBytes: sentBytes(connection),
      queuedBytes: undefined,
    });
    response.once("close", () => this.#done(response));
    return true;
  }

  /** Cuts who reads nothing. To be called about once a second. */
  look(): void {
    const nowMs = performance.now();
    const { unreadMs } = this.#limits;
    let kernel: KernelQueues | undefined;
    for (const answer of this.#untaken.values()) {
      const sent = sentBytes(answer.connection);
      if (sent !== answer.sentBytes) {
        Object.assign(answer, { sentBytes: sent, progressMs: nowMs, queuedBytes: undefined });
        continue;
      }
      if (nowMs - answer.progressMs < Math.min(ASK_KERNEL_MS, unreadMs / 3)) continue;
      kernel ??= readKernelQueues();
      const queued = kernel(answer.connection.socket);
      if (answer.queuedBytes !== undefined && queued !== answer.queuedBytes) answer.progressMs = nowMs;
      else if (nowMs - answer.progressMs >= unreadMs) this.#connections.cut(answer.connection, "unread");
      answer.queuedBytes = queued;
    }
  }

  #done(response: ServerResponse): void {
    const answer = this.#untaken.get(response);
    if (answer === undefined) return;
    this.#untaken.delete(response);
    const { body } = answer;
    const users = typeof body === "string" ? 0 : (this.#users.get(body) ?? 1) - 1;
    if (users > 0 && typeof body !== "string") {
      this.#users.set(body, users);
      return;
    }
    if (typeof body !== "string") this.#users.delete(body);
    this.bytes -= Buffer.byteLength(body);
  }

  #cutMostStuck(): boolean {
    let most: [ServerResponse, Untaken] | undefined;
    for (const entry of this.#untaken) {
      if (most === undefined || entry[1].progressMs < most[1].progressMs) most = entry;
    }
    if (most === undefined || performance.now() - most[1].progressMs < STUCK_MS) return false;
    this.#connections.cut(most[1].connection, "unread");
    this.#done(most[0]);
    return true;
  }
}

/** What the kernel has taken of everything written to a connection. */
function sentBytes({ socket }: Connection): number {
  return socket.bytesWritten - socket.writableLength;
}

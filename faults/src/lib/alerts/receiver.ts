import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { Random } from "@slipstream/testing/random";
import { compared } from "../compare/compared.ts";

/** Share of the requests that are answered wrongly. Never two in a row, so that nothing waits for long. */
const FAULTY = 0.08;

/** A notification as it came: what does not depend on when it was sent. */
export interface Received {
  readonly key: string;
  readonly data: Readonly<Record<string, unknown>>;
}

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const taken: Answer = (_, response) => response.writeHead(204).end();
const refused: Answer = (_, response) => response.writeHead(500).end();
const reset: Answer = (request) => request.socket.resetAndDestroy();

/**
 * - `faulty`: now and then it takes nothing, or takes something and does not say so
 * - `failing`: it takes nothing at all
 * - `reliable`: everything is taken at once
 */
export type Conduct = "faulty" | "failing" | "reliable";

/** A receiver of webhooks that does not always take what it is sent. */
export class Receiver {
  /** In the order of arrival, repeats of a key dropped. */
  readonly received: Received[] = [];
  /** What was wrong with what came. */
  readonly problems: string[] = [];
  /** Notifications that came again. */
  repeats = 0;
  conduct: Conduct = "faulty";
  readonly #server: Server;
  readonly #random: Random;
  readonly #taken: Map<string, Received["data"]> = new Map();
  #failed = false;

  private constructor(random: Random) {
    this.#random = random;
    this.#server = createServer((request, response) => void this.#handle(request, response));
  }

  static async start(random: Random): Promise<Receiver> {
    const receiver = new Receiver(random);
    await new Promise<void>((resolve) => receiver.#server.listen(0, "127.0.0.1", resolve));
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/alerts`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // Undefined: the sender was killed meanwhile.
    const body = await text(request).catch(() => undefined);
    if (body === undefined) return;
    const fault = this.conduct === "failing" || this.#isFaultyNow();
    this.#failed = fault;
    const isTaken = !fault || (this.conduct === "faulty" && this.#random.chance(0.5));
    if (isTaken) this.#take(String(request.headers["idempotency-key"]), body);
    const answer = fault ? this.#random.pick(isTaken ? [reset] : [reset, refused]) : taken;
    answer(request, response);
  }

  #isFaultyNow(): boolean {
    return this.conduct === "faulty" && !this.#failed && this.#random.chance(FAULTY);
  }

  #take(key: string, body: string): void {
    // How late it is depends on the attempt.
    const { data } = JSON.parse(body) as { data: Record<string, unknown> };
    const { lateSeconds: _, ...lasting } = data;
    const before = this.#taken.get(key);
    if (before === undefined) {
      this.#taken.set(key, lasting);
      this.received.push({ key, data: lasting });
      return;
    }
    this.repeats += 1;
    this.problems.push(...compared(`alerts, ${key} again`, before, lasting));
  }
}

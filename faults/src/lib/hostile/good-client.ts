import { Agent, request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { attribute, semconv, spanName } from "@slipstream/conventions";

const SERVICE = "good-client";
/** Between two requests. */
const EVERY_MS = 25;
/** Those that it keeps. */
const CONNECTIONS = 8;
/** So many requests come for each one that has a new connection. */
const FOR_EACH_NEW = 10;
const SPANS = 10;
const TIMEOUT_MS = 10_000;
/** After a refusal or a connection that broke. */
const RETRY_MS = 20;

/**
 * A service that sends its trades as usual: a request every 25 ms on connections that are kept, and what was not acknowledged again.
 * Every tenth is sent as by a service that has just started, on a connection of its own. The time of a request counts from when it
 * was due until it was acknowledged.
 */
export class GoodClient {
  readonly #url: string;
  // All are in use, so none is closed.
  readonly #agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS, scheduling: "fifo" });
  /** The requests under way, and when those on connections that are kept were due. */
  readonly #under: Map<Promise<void>, number | undefined> = new Map();
  #latenciesMs: number[] = [];
  #longestNewMs = 0;
  #spans = 0;
  #stopped = false;
  #sending: Promise<void> | undefined;

  constructor(url: string) {
    this.#url = url;
  }

  start(): void {
    this.#sending = this.#send();
  }

  /**
   * The times of the requests on connections that are kept since this was last asked, in ms. One that is under way has the time that
   * it has taken so far, and counts again when it is acknowledged.
   */
  takeLatencies(): readonly number[] {
    const taken = this.#latenciesMs;
    this.#latenciesMs = [];
    const nowMs = performance.now();
    const underMs = [...this.#under.values()].flatMap((dueMs) =>
      dueMs === undefined ? [] : [nowMs - dueMs],
    );
    return [...taken, ...underMs];
  }

  /** The longest time of a request on a new connection since this was last asked, in ms. */
  takeLongestNew(): number {
    const taken = this.#longestNewMs;
    this.#longestNewMs = 0;
    return taken;
  }

  /** Ends when everything is acknowledged; returns how many spans that were. */
  async stop(): Promise<number> {
    this.#stopped = true;
    await this.#sending;
    await Promise.all(this.#under.keys());
    this.#agent.destroy();
    return this.#spans;
  }

  /** The spans of it that the aggregator counts. */
  async counted(): Promise<number> {
    const { services } = JSON.parse(await this.ask("/api/current")) as {
      services: Record<string, { received: number }>;
    };
    return services[SERVICE]?.received ?? 0;
  }

  /** The answer of a route, asked for until it comes. */
  async ask(path: string): Promise<string> {
    for (;;) {
      const answer = await fetch(`${this.#url}${path}`, { signal: AbortSignal.timeout(TIMEOUT_MS) }).catch(
        () => undefined,
      );
      if (answer?.status === 200) return answer.text();
      await sleep(RETRY_MS);
    }
  }

  async #send(): Promise<void> {
    let dueMs = performance.now();
    // Opens the connections: one that is opened only when an attack holds up the others waits behind those of the attack.
    for (let i = 0; i < CONNECTIONS; i++) this.#begin(dueMs, this.#agent);
    for (let i = 1; !this.#stopped; i++) {
      dueMs += EVERY_MS;
      await sleep(Math.max(0, dueMs - performance.now()));
      this.#begin(dueMs, i % FOR_EACH_NEW === 0 ? false : this.#agent);
    }
  }

  #begin(dueMs: number, agent: Agent | false): void {
    const delivery = this.#deliver(dueMs, agent);
    this.#under.set(delivery, agent === false ? undefined : dueMs);
    void delivery.finally(() => this.#under.delete(delivery));
  }

  async #deliver(dueMs: number, agent: Agent | false): Promise<void> {
    const body = this.#body();
    while ((await this.#post(body, agent)) !== 200) await sleep(RETRY_MS);
    const tookMs = performance.now() - dueMs;
    if (agent === false) this.#longestNewMs = Math.max(this.#longestNewMs, tookMs);
    else this.#latenciesMs.push(tookMs);
  }

  #post(body: string, agent: Agent | false): Promise<number | undefined> {
    return new Promise((resolve) => {
      const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
      request(`${this.#url}/v1/traces`, { method: "POST", agent, headers, timeout: TIMEOUT_MS })
        .on("response", (response) => response.resume().on("close", () => resolve(response.statusCode)))
        .on("timeout", function (this: { destroy(): void }) {
          this.destroy();
        })
        .on("error", () => resolve(undefined))
        .end(body);
    });
  }

  #body(): string {
    const nowMs = Date.now();
    const spans = Array.from({ length: SPANS }, () => {
      const id = (++this.#spans).toString(16);
      return {
        traceId: id.padStart(32, "0"),
        spanId: id.padStart(16, "0"),
        name: spanName.tradeExecute,
        startTimeUnixNano: `${nowMs - 20}000000`,
        endTimeUnixNano: `${nowMs}000000`,
        attributes: [
          { key: attribute.tradeId, value: { stringValue: id } },
          { key: attribute.tradePair, value: { stringValue: "SOL/USDC" } },
          { key: attribute.tradeStatus, value: { stringValue: "success" } },
        ],
      };
    });
    const resource = { attributes: [{ key: semconv.serviceName, value: { stringValue: SERVICE } }] };
    return JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans }] }] });
  }
}

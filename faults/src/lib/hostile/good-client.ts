import { Agent, request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { attribute, semconv, spanName } from "@slipstream/conventions";

const SERVICE = "good-client";
/** Between two requests. */
const EVERY_MS = 25;
const SPANS = 10;
const TIMEOUT_MS = 10_000;
/** After a refusal or a connection that broke. */
const RETRY_MS = 20;

/**
 * A service that sends its trades as usual: a request every 25 ms on connections that are kept, and what was not acknowledged again.
 * The time of a request counts from when it was due until it was acknowledged.
 */
export class GoodClient {
  readonly #url: string;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 8 });
  readonly #under: Set<Promise<void>> = new Set();
  #latenciesMs: number[] = [];
  #spans = 0;
  #stopped = false;
  #sending: Promise<void> | undefined;

  constructor(url: string) {
    this.#url = url;
  }

  start(): void {
    this.#sending = this.#send();
  }

  /** The times of the requests since this was last asked, in ms. */
  takeLatencies(): readonly number[] {
    const taken = this.#latenciesMs;
    this.#latenciesMs = [];
    return taken;
  }

  /** Ends when everything is acknowledged; returns how many spans that were. */
  async stop(): Promise<number> {
    this.#stopped = true;
    await this.#sending;
    await Promise.all(this.#under);
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
    while (!this.#stopped) {
      const delivery = this.#deliver(this.#body(), dueMs);
      this.#under.add(delivery);
      void delivery.finally(() => this.#under.delete(delivery));
      dueMs += EVERY_MS;
      await sleep(Math.max(0, dueMs - performance.now()));
    }
  }

  async #deliver(body: string, dueMs: number): Promise<void> {
    while ((await this.#post(body)) !== 200) await sleep(RETRY_MS);
    this.#latenciesMs.push(performance.now() - dueMs);
  }

  #post(body: string): Promise<number | undefined> {
    return new Promise((resolve) => {
      const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
      request(`${this.#url}/v1/traces`, { method: "POST", agent: this.#agent, headers, timeout: TIMEOUT_MS })
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

import { QuantileSketch } from "@slipstream/stats";
import { Bodies, MOST_REQUESTS } from "./bodies.ts";
import { Connection, HEADER_BYTES } from "./connection.ts";
import type { Order, Sent } from "./messages.ts";
import { SPANS } from "./template.ts";

const MICROS_PER_S = 1e6;

/** Sends one stream of spans, none of them twice, as fast as they are acknowledged. */
export class Sender {
  readonly #url: URL;
  readonly #bodies: Bodies;
  #requests = 0;

  /** @param run tells its spans from those of other senders */
  constructor(url: string, run: number) {
    this.#url = new URL(url);
    this.#bodies = new Bodies(run);
  }

  get bytesPerSpan(): number {
    return this.#bodies.bytesPerSpan;
  }

  /** Sends for a time, over so many connections with one request under way on each. */
  async send({ seconds, connections: count }: Order): Promise<Sent> {
    const connections = await Promise.all(Array.from({ length: count }, () => Connection.open(this.#url)));
    const latencies = new QuantileSketch();
    let requests = 0;
    let trades = 0;
    let bytes = 0;
    const from = performance.now();
    const cpuFrom = process.cpuUsage();
    const until = from + seconds * 1_000;

    const sendOn = async (connection: Connection): Promise<void> => {
      const buffer = Buffer.alloc(HEADER_BYTES + this.#bodies.longest);
      while (performance.now() < until) {
        if (this.#requests++ >= MOST_REQUESTS) throw new Error("the stream is at its end");
        const body = this.#bodies.writeNext(Date.now(), buffer, HEADER_BYTES);
        const sentMs = performance.now();
        await connection.post(buffer, body.bytes);
        latencies.record(performance.now() - sentMs);
        requests += 1;
        trades += body.trades;
        bytes += body.bytes;
      }
    };
    try {
      await Promise.all(connections.map(sendOn));
      const { user, system } = process.cpuUsage(cpuFrom);
      return {
        spans: requests * SPANS,
        trades,
        bytes,
        retries: connections.reduce((sum, { retries }) => sum + retries, 0),
        seconds: (performance.now() - from) / 1_000,
        cpuSeconds: (user + system) / MICROS_PER_S,
        latencyMs: {
          p50: latencies.quantile(0.5)?.value ?? Number.NaN,
          p99: latencies.quantile(0.99)?.value ?? Number.NaN,
          max: latencies.max ?? Number.NaN,
        },
      };
    } finally {
      for (const connection of connections) connection.close();
    }
  }
}

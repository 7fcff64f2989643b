import { attribute, limits, semconv, spanName } from "@slipstream/conventions";
import type { Span } from "@slipstream/otlp/decode";
import { START_MS } from "@slipstream/testing/engine/spans";
import type { Sent } from "./traffic.ts";

/** The statistics computed the plain way, from a list of every span, to compare the engine with. */
export class Naive {
  readonly #spans: readonly Span[];
  readonly #items: readonly Sent[];

  constructor(items: readonly Sent[]) {
    this.#items = items;
    this.#spans = items.flatMap(({ spans }) => spans);
  }

  trades(status: "success" | "failed" | "unknown"): number {
    return this.#trades().filter((span) => statusOf(span) === status).length;
  }

  priorityFees(): bigint {
    return sum(
      this.#trades()
        .map((span) => BigInt((span.attributes[attribute.solanaPriorityFeeLamports] ?? 0) as number))
        .filter((fee) => fee <= BigInt(limits.lamports)),
    );
  }

  /** Micro-dollars of the trades up to the time. */
  pnl(toMs: number = Number.POSITIVE_INFINITY): bigint {
    const pnls = this.#trades(Number.NEGATIVE_INFINITY, toMs).map(
      (span) => span.attributes[attribute.tradePnlUsd],
    );
    const plausible = pnls
      .map((usd) => (usd ?? 0) as number)
      .filter((usd) => Math.abs(usd) <= limits.tradeUsd);
    return sum(plausible.map((usd) => BigInt(Math.round(usd * 1e6))));
  }

  /** Trades in (toMs - 60 s, toMs] whose status is known: how many, and how many succeeded. */
  minute(toMs: number): { readonly all: number; readonly success: number } {
    const statuses = this.#trades(toMs - 60_000, toMs).map(statusOf);
    return {
      all: statuses.filter((status) => status !== "unknown").length,
      success: statuses.filter((status) => status === "success").length,
    };
  }

  /** Share of the last minute's trades with an output, in percent; undefined where there is none. */
  accuracy(toMs: number): number | undefined {
    const within = this.#trades(toMs - 60_000, toMs).flatMap((span) => {
      const { [attribute.tradeQuotedOut]: quoted, [attribute.tradeActualOut]: actual } = span.attributes;
      if (statusOf(span) !== "success" || typeof quoted !== "string" || typeof actual !== "string") return [];
      const difference = BigInt(actual) - BigInt(quoted);
      return [(difference < 0n ? -difference : difference) * 10_000n <= 50n * BigInt(quoted)];
    });
    return within.length === 0 ? undefined : (100 * within.filter(Boolean).length) / within.length;
  }

  /** Milliseconds of the trades in (toMs - 300 s, toMs], ascending. */
  tradeLatencies(toMs: number): number[] {
    return ascending(
      this.#trades(toMs - 300_000, toMs).map(
        ({ attributes, durationSeconds }) =>
          (attributes[attribute.tradeLatencyMs] as number | undefined) ?? durationSeconds * 1_000,
      ),
    );
  }

  /** Milliseconds of the calls of our own in (toMs - 300 s, toMs], ascending. */
  nodeLatencies(toMs: number): number[] {
    const calls = this.#spans.filter(
      ({ name, endMs, attributes }) =>
        name === spanName.solanaRpc &&
        attributes[semconv.rpcMethod] !== undefined &&
        endMs > toMs - 300_000 &&
        endMs <= toMs,
    );
    return ascending(calls.map(({ durationSeconds }) => durationSeconds * 1_000));
  }

  /** Trades a minute, of the time since the last silence of a minute; undefined in its first 5 s. */
  tradesPerMinute(toMs: number): number | undefined {
    const heard = this.#heard()
      .filter((timeMs) => timeMs <= toMs)
      .sort((a, b) => b - a);
    let firstMs = heard[0] ?? toMs;
    for (const timeMs of heard) {
      if (paneEnd(firstMs) - paneEnd(timeMs) > 60_000) break;
      firstMs = timeMs;
    }
    const known = paneEnd(firstMs) - PANE_MS > toMs - 60_000;
    const [fromMs, passedMs] = known ? [paneEnd(firstMs) - PANE_MS, toMs - firstMs] : [toMs - 60_000, 60_000];
    if (passedMs < 5_000) return undefined;
    return (this.#trades(fromMs, toMs).length * 60_000) / passedMs;
  }

  /** Whether anything was heard in the panes of the minute before. */
  live(toMs: number): boolean {
    return this.#heard().some((timeMs) => timeMs > toMs - 60_000 && timeMs <= toMs);
  }

  #heard(): number[] {
    return this.#items.flatMap(({ spans, points }) => [
      ...spans.map(({ endMs }) => endMs),
      ...points.map(({ timeMs }) => timeMs),
    ]);
  }

  #trades(fromMs: number = START_MS, toMs: number = Number.POSITIVE_INFINITY): Span[] {
    return this.#spans.filter(
      ({ name, endMs }) => name === spanName.tradeExecute && endMs > fromMs && endMs <= toMs,
    );
  }
}

const PANE_MS = 5_000;

function paneEnd(timeMs: number): number {
  return Math.ceil(timeMs / PANE_MS) * PANE_MS;
}

/** The exact nearest-rank percentile. */
export function exactQuantile(values: readonly number[], q: number): number | undefined {
  return values[Math.max(1, Math.ceil(q * values.length)) - 1];
}

function statusOf({ attributes, statusCode }: Span): "success" | "failed" | "unknown" {
  const said = attributes[attribute.tradeStatus];
  if (statusCode === 2 || said === "failed" || said === "Reverted") return "failed";
  return said === "success" ? "success" : "unknown";
}

function ascending(values: number[]): number[] {
  return values.sort((a, b) => a - b);
}

function sum(values: readonly bigint[]): bigint {
  return values.reduce((total, value) => total + value, 0n);
}

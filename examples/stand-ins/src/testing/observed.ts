import { attribute, semconv } from "@slipstream/conventions";
import type { Receiver } from "@slipstream/testing/otlp-receiver";
import { type DecodedSpan, plain } from "@slipstream/testing/otlp-requests";

/** A trade as a receiver got it. */
export interface Trade {
  readonly sizeUsd: unknown;
  /** Status and, of a failed one, the reason. */
  readonly outcome: string;
  /** Names of its calls and phases, sorted. */
  readonly calls: readonly string[];
}

/** What the tables of OpenTelemetry and Slipstream have, and what they have no constants for. */
export const spanAttributes: ReadonlySet<string> = new Set<string>([
  ...Object.values(semconv),
  ...Object.values(attribute),
  "jsonrpc.protocol.version",
  "rpc.response.status_code",
  "solana.commitment",
  "solana.context_slot",
  "jupiter.operation",
  "jupiter.price_impact",
  "jupiter.route",
  "landing.service",
  "landing.operation",
]);

/**
 * Calls that name no trade. They belong to the trade of their async context if there is only one open in it, which a service that trades
 * one after another may be too fast for.
 */
const namesNoTrade = /getHealth|getBlockHeight|getLatestBlockhash|tip_accounts|bundle_status/;

/** The trades, in their order. */
export function tradesOf({ spans }: Receiver): readonly Trade[] {
  const roots = spans.filter(({ name }) => name === "trade.execute").sort(byStart);
  return roots.map((root) => {
    const of = plain(root.attributes);
    const inside = spans.filter(({ traceId, spanId }) => traceId === root.traceId && spanId !== root.spanId);
    const stray = inside.filter(({ parentSpanId }) => parentSpanId !== root.spanId).map(whatOf);
    return {
      sizeUsd: Number(of[attribute.tradeSizeUsd]),
      outcome: [of[attribute.tradeStatus] ?? "unknown", of[attribute.tradeFailureReason]]
        .filter(Boolean)
        .join(" "),
      calls: [
        ...inside.map(whatOf).filter((call) => !namesNoTrade.test(call)),
        ...stray.map((call) => `${call} elsewhere`),
      ].sort(),
    };
  });
}

/** How many spans of each kind name no trade. */
export function untraded({ spans }: Receiver): Readonly<Record<string, number>> {
  const trades = new Set(spans.filter(({ name }) => name === "trade.execute").map(({ traceId }) => traceId));
  const counts: Record<string, number> = {};
  for (const span of spans) {
    const what = whatOf(span);
    if (trades.has(span.traceId) && !namesNoTrade.test(what)) continue;
    counts[what] = (counts[what] ?? 0) + 1;
  }
  return counts;
}

/** Of the first span of a name that has `having`, without its number. */
export function attributesOf({ spans }: Receiver, name: string, having?: string): Record<string, unknown> {
  const [first] = spans
    .filter((span) => span.name === name)
    .sort(byStart)
    .map(({ attributes }) => plain(attributes))
    .filter((attributes) => having === undefined || attributes[having] !== undefined);
  const { [attribute.slipstreamSeq]: _, ...rest } = first ?? {};
  return rest;
}

function byStart(one: DecodedSpan, other: DecodedSpan): number {
  return Number(BigInt(one.startTimeUnixNano) - BigInt(other.startTimeUnixNano));
}

/** Name of a span, what it does, and how it failed. */
function whatOf({ name, attributes }: DecodedSpan): string {
  const of = plain(attributes);
  const store = of[semconv.dbQuerySummary] ?? of[semconv.dbOperation];
  const what = of[semconv.rpcMethod] ?? of["jupiter.operation"] ?? (name === "db.write" ? store : undefined);
  const error = of[semconv.errorType];
  const failed = error === undefined ? undefined : `failed ${error}`;
  return [name, of["landing.service"], of["landing.operation"], what, failed].filter(Boolean).join(" ");
}

/** Counts of histograms and values of the rest, by name and type or status; not what the process is doing. */
export function metricsOf({ metrics }: Receiver): Readonly<Record<string, number>> {
  const ofProcess = /^(?:memory_|cpu_|slipstream_(?:memory|process)_)/;
  return Object.fromEntries(
    metrics
      .filter(({ name }) => !ofProcess.test(name))
      .flatMap(({ name, histogram, sum, gauge }) => [
        ...(histogram?.dataPoints ?? []).map(({ count }) => [name, Number(count)] as const),
        ...[...(sum?.dataPoints ?? []), ...(gauge?.dataPoints ?? [])].map(
          ({ attributes, asDouble, asInt }) =>
            [[name, ...Object.values(plain(attributes))].join(" "), Number(asInt ?? asDouble)] as const,
        ),
      ]),
  );
}

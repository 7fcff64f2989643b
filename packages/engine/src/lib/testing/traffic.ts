import { attribute, semconv, spanName } from "@slipstream/conventions";
import type { Attributes, MetricPoint, Resource, Span } from "@slipstream/otlp/decode";
import { chain, FIRST_SLOT, sandwich, slotOf, swapsOf } from "@slipstream/testing/engine/chain";
import {
  child,
  metrics,
  point,
  resource,
  rpc,
  START_MS,
  span,
  tick,
  traces,
  trade,
} from "@slipstream/testing/engine/spans";
import fc from "fast-check";
import type { ChainBatch } from "../mev/chain.ts";
import type { EngineRecord } from "../model.ts";

/** Something that a service sends, and when it arrives. */
export interface Sent {
  readonly timeMs: number;
  readonly receivedMs: number;
  readonly spans: readonly Span[];
  readonly points: readonly MetricPoint[];
  /** What a watcher tells of the chain then. */
  readonly chain?: Partial<ChainBatch>;
}

const services = ["desk", "market-maker", "stock"].flatMap((service) =>
  ["a", "b"].map((instance) => resource(service, instance)),
);

/** Whole nanoseconds, as clocks give them. */
function nanos(maxSeconds: number): fc.Arbitrary<number> {
  return fc.integer({ min: 0, max: maxSeconds * 1e9 });
}

const atoms = fc.oneof(
  fc.integer({ min: 1, max: 1_000_000 }).map(String),
  fc.bigInt({ min: 2n ** 60n, max: 2n ** 70n }).map(String),
);

/** The output, within some 1 % of the quote. */
const output = fc
  .record({ quoted: atoms, bps: fc.integer({ min: -100, max: 100 }) })
  .map(({ quoted, bps }) => ({
    [attribute.tradeQuotedOut]: quoted,
    [attribute.tradeActualOut]: String((BigInt(quoted) * BigInt(10_000 + bps)) / 10_000n),
  }));

const tradeAttributes: fc.Arbitrary<Attributes> = fc
  .record(
    {
      [attribute.tradeStatus]: fc.constantFrom(
        "success",
        "success",
        "success",
        "failed",
        "Reverted",
        "Success",
        "pending",
      ),
      [attribute.tradeLatencyMs]: nanos(5).map((ns) => ns / 1e6),
      [attribute.tradeConfirmMs]: nanos(20).map((ns) => ns / 1e6),
      [attribute.tradePnlUsd]: fc.oneof(
        fc.double({ min: -1e6, max: 1e6, noNaN: true }),
        fc.constantFrom(1.7e302, -1e10, 1e9),
      ),
      [attribute.solanaPriorityFeeLamports]: fc.oneof(
        fc.integer({ min: 0, max: 10_000_000 }),
        fc.bigInt({ min: 2n ** 48n, max: 2n ** 62n }),
      ),
      [attribute.slipstreamSeq]: fc.integer({ min: 1, max: 1_000 }),
    },
    { requiredKeys: [] },
  )
  .chain((attributes) => fc.option(output, { nil: {} }).map((out) => ({ ...attributes, ...out })));

type Make = (endMs: number, from: Resource) => { spans?: readonly Span[]; points?: readonly MetricPoint[] };

const seconds = nanos(3).map((ns) => ns / 1e9);

/** Slots in which own trades stand, each one's transaction named after its slot. */
const SLOTS = 24;

const place = fc
  .record({
    at: fc.nat({ max: SLOTS }),
    named: fc.boolean(),
    sizeUsd: fc.constantFrom(50, 2_000, 1e12, undefined),
    pair: fc.constantFrom("SOL/USDC", "BONK/SOL", undefined),
    protection: fc.constantFrom("none", "jito", undefined),
    id: fc.constantFrom(undefined, "the same"),
    solUsd: fc.constantFrom(undefined, 150),
  })
  .map(
    ({ at, named, sizeUsd, pair, protection, id, solUsd }): Attributes => ({
      [attribute.solanaSignature]: `own-${at}`,
      [attribute.solanaSlot]: named ? FIRST_SLOT + at : undefined,
      [attribute.tradeSizeUsd]: sizeUsd,
      [attribute.tradePair]: pair,
      [attribute.mevProtection]: protection,
      [attribute.tradeId]: id,
      [attribute.tradeSolUsd]: solUsd,
      [attribute.jitoTipLamports]: 10_000,
    }),
  );

/** Trades that name their transaction: those that verdicts are on. */
const placedTrade = fc.record({ attributes: tradeAttributes, place }).map(
  ({ attributes, place }): Make =>
    (endMs, from) => ({ spans: [trade(endMs, { ...attributes, ...place }, { resource: from })] }),
);

const told = fc
  .record({
    at: fc.nat({ max: SLOTS }),
    what: fc.constantFrom("sandwich", "alone", "empty", "skipped", "failed", "placed", "nothing"),
    attacker: fc.constantFrom("mallory", "oscar"),
    finalized: fc.option(fc.nat({ max: 2 * SLOTS })),
  })
  .map(({ at, what, attacker, finalized }): Partial<ChainBatch> => {
    const slot = FIRST_SLOT + at;
    const reserves = { sol: 10n ** 12n, token: 10n ** 15n };
    const own = { signature: `own-${at}`, signer: "desk", buy: true, amountIn: 10n ** 9n };
    const isFinal = { finalized: finalized === null ? null : FIRST_SLOT + finalized };
    if (what === "sandwich")
      return { ...isFinal, slots: [slotOf(slot, sandwich(slot, reserves, own.signature, attacker))] };
    if (what === "alone") return { ...isFinal, slots: [slotOf(slot, swapsOf(slot, reserves, [own]))] };
    if (what === "empty") return { ...isFinal, slots: [slotOf(slot)] };
    if (what === "placed") return { ...isFinal, placed: [{ signature: own.signature, slot }] };
    if (what === "skipped") return { ...isFinal, skipped: [slot] };
    if (what === "failed") return { ...isFinal, failed: [{ slot, reason: "it is gone" }] };
    return isFinal;
  });

/** As `traffic`, with trades that name their transaction and word of the chain between. */
export function trafficOnChain(options: Parameters<typeof traffic>[0]): fc.Arbitrary<readonly Sent[]> {
  const items = options.items ?? 60;
  const placed = sentBy(placedTrade, options);
  const heard = fc
    .record({ told, sent: placed })
    .map(({ told, sent }): Sent => ({ ...sent, spans: [], points: [], chain: told }));
  const more = fc.array(fc.oneof(placed, heard, heard), { maxLength: items });
  return fc.record({ plain: traffic(options), more }).map(({ plain, more }) => [...plain, ...more]);
}

const tradeSpan = fc
  .record({ attributes: tradeAttributes, durationSeconds: seconds, statusCode: fc.constantFrom(0, 1, 2) })
  .map(
    (rest): Make =>
      (endMs, from) => ({ spans: [trade(endMs, {}, { ...rest, resource: from })] }),
  );

const nodeCall = fc
  .record({ method: fc.constantFrom("getSlot", "sendTransaction", "getProgramAccounts"), seconds })
  .map(
    ({ method, seconds: durationSeconds }): Make =>
      (endMs, from) => ({ spans: [rpc(endMs, method, { durationSeconds, resource: from })] }),
  );

/** A stock HTTP span within a call of ours, delivered together, the child first or last. */
const nestedCall = fc.record({ seconds, childFirst: fc.boolean() }).map(
  ({ seconds: durationSeconds, childFirst }): Make =>
    (endMs, from) => {
      const own = rpc(endMs, "getSlot", { durationSeconds, resource: from });
      const http = { [semconv.httpMethod]: "POST", [semconv.serverAddress]: "x.helius-rpc.com" };
      const stock = child(own, "POST", endMs - 1, { kind: 3, attributes: http });
      return { spans: childFirst ? [stock, own] : [own, stock] };
    },
);

const otherSpan = fc
  .record({ name: fc.constantFrom(spanName.jupiterQuote, spanName.dbWrite, "GET /", "think"), seconds })
  .map(
    ({ name, seconds: durationSeconds }): Make =>
      (endMs, from) => ({ spans: [span(name, endMs, { durationSeconds, resource: from })] }),
  );

const gauges = fc
  .record({ breaker: fc.integer({ min: 0, max: 2 }), positions: fc.integer({ min: 0, max: 9 }) })
  .map(
    ({ breaker, positions }): Make =>
      (timeMs, from) => ({
        points: [
          point("circuitBreakerState", breaker, timeMs, { resource: from }),
          point("openPositions", positions, timeMs, { resource: from }),
        ],
      }),
  );

/** Mixed traffic of several services over `seconds`, each item up to `delayMs` under way. */
export function traffic(options: {
  readonly seconds: number;
  readonly delayMs: number;
  readonly items?: number;
}): fc.Arbitrary<readonly Sent[]> {
  const make = fc.oneof(tradeSpan, tradeSpan, nodeCall, nestedCall, otherSpan, gauges);
  return fc.array(sentBy(make, options), { minLength: 1, maxLength: options.items ?? 60 });
}

function sentBy(
  make: fc.Arbitrary<Make>,
  options: { readonly seconds: number; readonly delayMs: number },
): fc.Arbitrary<Sent> {
  return fc
    .record({
      make,
      from: fc.constantFrom(...services),
      // Many on a boundary or at the same time.
      offsetMs: fc.oneof(
        fc.integer({ min: 1, max: options.seconds }).map((second) => second * 1_000),
        fc.double({ min: 1, max: options.seconds * 1_000, noNaN: true }),
      ),
      delayMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: options.delayMs })),
    })
    .map(({ make, from, offsetMs, delayMs }): Sent => {
      const timeMs = START_MS + offsetMs;
      return { timeMs, receivedMs: timeMs + delayMs, spans: [], points: [], ...make(timeMs, from) };
    });
}

/** One record for the spans and one for the points of an item. */
export function recordsOf({ spans, points, chain: told, receivedMs }: Sent): EngineRecord[] {
  const records: EngineRecord[] = [];
  if (spans.length > 0) records.push(traces(spans, receivedMs));
  if (points.length > 0) records.push(metrics(points, receivedMs));
  if (told !== undefined) records.push(chain(receivedMs, told));
  return records;
}

/** The items as records in the order of their receipt, with a tick each second between them. */
export function delivered(items: readonly Sent[]): EngineRecord[] {
  const sorted = [...items].sort((a, b) => a.receivedMs - b.receivedMs);
  const records: EngineRecord[] = [];
  let tickMs = sorted[0]?.receivedMs ?? START_MS;
  for (const item of sorted) {
    for (; tickMs + 1_000 <= item.receivedMs; tickMs += 1_000) records.push(tick(tickMs + 1_000));
    records.push(...recordsOf(item));
  }
  return records;
}

/** Ends both orders of delivery alike: a last trade, long after everything else, and time to publish it. */
export function untilTheEnd(
  records: readonly EngineRecord[],
  endMs: number,
  last: Span,
  seconds = 10,
): EngineRecord[] {
  const lastMs = records.at(-1)?.receivedMs ?? endMs;
  const ticks = (fromMs: number, length: number): EngineRecord[] =>
    Array.from({ length }, (_, i) => tick(fromMs + 1_000 * (i + 1)));
  // Time passes all along: where only gauges came, the first tick is what the log begins with.
  const between = ticks(lastMs, Math.floor((endMs - lastMs) / 1_000));
  return [...records, ...between, traces([last], endMs), ...ticks(endMs, seconds)];
}

/** The items as they would have come without any delay. */
export function inTime(items: readonly Sent[]): Sent[] {
  return items.map((item) => ({ ...item, receivedMs: item.timeMs }));
}

import { attribute, semconv, spanName } from "@slipstream/conventions";
import {
  type Attributes,
  type AttributeValue,
  AttributeValues,
  keptAttributes,
  type Span,
} from "@slipstream/otlp/decode";
import { resource, START_MS, traces } from "@slipstream/testing/engine/spans";
import type { EngineRecord } from "../model.ts";
import type { EngineOptions } from "../options.ts";

/** Spans of a record. */
export const BATCH = 512;
/** Of event time. */
export const SPANS_PER_SECOND = 10_000;

const byName = new Map(keptAttributes.map((kept) => [kept.name, kept]));
const desks = ["a", "b"].map((instance) => resource("desk", instance));

function attributes(values: Readonly<Record<string, AttributeValue>>): Attributes {
  const made = new AttributeValues();
  for (const [name, value] of Object.entries(values)) {
    const kept = byName.get(name);
    if (kept !== undefined) made.set(kept, value);
  }
  return made.byName;
}

/** A trade and five of its calls, as a service with Slipstream's telemetry sends them; a sixth by stock HTTP. */
function makeSpan(i: number): Span {
  const of = i % 7;
  const endMs = START_MS + (i * 1_000) / SPANS_PER_SECOND;
  const names = [
    spanName.jupiterQuote,
    spanName.jupiterSwap,
    spanName.solanaRpc,
    spanName.solanaRpc,
    "POST",
    spanName.dbWrite,
    spanName.tradeExecute,
  ];
  const seq = { [attribute.slipstreamSeq]: i + 1 };
  const call = { ...seq, [semconv.rpcMethod]: "getSlot", [semconv.httpStatus]: 200 };
  const http = {
    [semconv.httpMethod]: "POST",
    [semconv.serverAddress]: "node.example",
    [semconv.urlPath]: "/",
  };
  const trade = {
    ...seq,
    [attribute.tradeId]: `t${i}`,
    [attribute.tradePair]: "SOL/USDC",
    [attribute.tradeStatus]: i % 50 === 6 ? "failed" : "success",
    [attribute.tradeSizeUsd]: 1_000,
    [attribute.tradePnlUsd]: ((i % 100) - 40) / 7,
    [attribute.tradeQuotedOut]: "123456789012",
    [attribute.tradeActualOut]: "123400000000",
    [attribute.tradeLatencyMs]: 20 + (i % 1_000) / 10,
    [attribute.solanaPriorityFeeLamports]: 5_000 + (i % 1_000),
  };
  return {
    resource: desks[Math.floor(i / BATCH) % 2] as Span["resource"],
    name: names[of] as string,
    kind: of === 6 ? 1 : 3,
    trace0: Math.imul(i, 0x9e3779b1) >>> 0,
    trace1: Math.imul(i, 0x85ebca6b) >>> 0,
    trace2: 7,
    trace3: i,
    span0: Math.imul(i, 0xc2b2ae35) >>> 0,
    span1: i,
    hasParent: of !== 6,
    parent0: of === 6 ? 0 : 9,
    parent1: of === 6 ? 0 : i - of,
    endMs,
    durationSeconds: 0.001 + ((i * 7919) % 100_000) / 1e6,
    statusCode: 0,
    attributes: attributes(of === 6 ? trade : of === 4 ? http : of === 2 || of === 3 ? call : seq),
  };
}

/** The options that the traffic is made for. */
export const steadyOptions: Partial<EngineOptions> = { capitalUsd: 1e6, rpcHosts: ["node.example"] };

/** The record with the spans numbered from `first` on, received 5 ms after the last of them. */
export function steadyRecord(first: number): EngineRecord {
  const batch = Array.from({ length: BATCH }, (_, i) => makeSpan(first + i));
  return traces(batch, (batch.at(-1)?.endMs ?? START_MS) + 5);
}

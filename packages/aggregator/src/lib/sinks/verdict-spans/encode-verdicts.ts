import { AGGREGATOR_SERVICE, semconv, VERSION } from "@slipstream/conventions";
import { type HistoryRow, OWN_DESK } from "@slipstream/engine/storage";
import {
  type EncodableSpan,
  ProtobufWriter,
  writeAttribute,
  writeScope,
  writeSpan,
} from "@slipstream/otlp/encode";
import { deskOf } from "../../history/embedded-tables.ts";
import { verdictSpan } from "./verdict-span.ts";

// ExportTraceServiceRequest, ResourceSpans, Resource and ScopeSpans. A tag is field << 3 | wire type.
const RESOURCE_SPANS = 0x0a;
const RESOURCE = 0x0a;
const RESOURCE_ATTRIBUTES = 0x0a;
const SCOPE_SPANS = 0x12;
const SCOPE = 0x0a;
const SPANS = 0x12;

/** The aggregator that sends. */
export interface VerdictSender {
  /** Id of the aggregator, the same after a restart. */
  readonly instance: string;
  /** Name of the own desk; "" if it has none. */
  readonly desk: string;
}

export interface EncodedVerdicts {
  readonly body: Uint8Array;
  /** Spans in it. */
  readonly spans: number;
}

/** An ExportTraceServiceRequest with a span for each verdict whose trade's span is known. */
export function encodeVerdicts(rows: readonly HistoryRow[], sender: VerdictSender): EncodedVerdicts {
  const writer = new ProtobufWriter();
  let spans = 0;
  for (const [desk, ofDesk] of spansByDesk(rows)) {
    spans += ofDesk.length;
    writeResourceSpans(writer, ofDesk, { ...sender, desk: desk === OWN_DESK ? sender.desk : desk });
  }
  return { body: Uint8Array.from(writer.view()), spans };
}

function spansByDesk(rows: readonly HistoryRow[]): ReadonlyMap<string, readonly EncodableSpan[]> {
  const byDesk: Map<string, EncodableSpan[]> = new Map();
  for (const row of rows) {
    const span = verdictSpan(row);
    if (span === undefined) continue;
    const ofDesk = byDesk.get(deskOf(row)) ?? [];
    ofDesk.push(span);
    byDesk.set(deskOf(row), ofDesk);
  }
  return byDesk;
}

function writeResourceSpans(
  writer: ProtobufWriter,
  spans: readonly EncodableSpan[],
  sender: VerdictSender,
): void {
  const { instance, desk } = sender;
  const all = writer.begin(RESOURCE_SPANS);
  const resource = writer.begin(RESOURCE);
  writeAttribute(writer, RESOURCE_ATTRIBUTES, semconv.serviceName, AGGREGATOR_SERVICE);
  writeAttribute(writer, RESOURCE_ATTRIBUTES, semconv.serviceInstanceId, instance);
  writeAttribute(writer, RESOURCE_ATTRIBUTES, semconv.serviceVersion, VERSION);
  if (desk !== "") writeAttribute(writer, RESOURCE_ATTRIBUTES, semconv.desk, desk);
  writer.end(resource);
  const ofScope = writer.begin(SCOPE_SPANS);
  for (const [i, span] of spans.entries()) {
    if (i === 0) writeScope(writer, SCOPE, span.instrumentationScope);
    writeSpan(writer, SPANS, span);
  }
  writer.end(ofScope);
  writer.end(all);
}

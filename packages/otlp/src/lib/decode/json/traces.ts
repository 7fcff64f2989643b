import { coerce, type KeptAttribute, keptAttributes } from "../attributes.ts";
import { BodyAttributes } from "../body-attributes.ts";
import type { DecodeLimits } from "../limits.ts";
import type { Refusal, Span, TracesBatch } from "../model.ts";
import { texts } from "../protobuf-attributes.ts";
import { makeSpan, SpanDraft } from "../span.ts";
import type { Steps } from "../steps.ts";
import { OTHER } from "../value-forms.ts";
import { AttributesReader } from "./attributes.ts";
import { FieldNames, messageFields } from "./fields.ts";
import { JsonReader } from "./reader.ts";
import { readRequest } from "./request.ts";
import { IdWords, readEnum, readTime } from "./scalars.ts";
import { type ObjectFields, readNow } from "./structure.ts";

const names = messageFields([
  "attributes",
  "traceId",
  "spanId",
  "parentSpanId",
  "name",
  "kind",
  "startTimeUnixNano",
  "endTimeUnixNano",
  "status",
]);
const statusNames = messageFields(["code"]);
const keys = new FieldNames<KeptAttribute>(keptAttributes.map((kept) => [kept.name, kept]));

const KINDS = ["UNSPECIFIED", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER"].map(
  (name) => `SPAN_KIND_${name}`,
);
const STATUS_CODES = ["UNSET", "OK", "ERROR"].map((name) => `STATUS_CODE_${name}`);

/** Reads an ExportTraceServiceRequest in OTLP/JSON. */
export function* readTracesJson(body: Uint8Array, limits: DecodeLimits): Steps<TracesBatch> {
  const reader = new JsonReader(body, limits);
  const spans: Span[] = [];
  const refusals: Refusal[] = [];
  const span = new SpanReader(reader);
  yield* readRequest(reader, {
    path: ["resourceSpans", "scopeSpans", "spans"],
    items: spans,
    resources: [],
    refusals,
    readItem: (resource, refused) => {
      reader.enter("span");
      readNow(reader, span);
      reader.leave();
      const made = makeSpan(span.draft, resource, span.attributes.endSpan());
      if (typeof made === "string") refused.add(made);
      else spans.push(made);
      return undefined;
    },
  });
  return { kind: "traces", spans, refusals };
}

const WHERE = "resourceSpans.scopeSpans.spans";

/** Reads a span into `draft` and `attributes`. */
class SpanReader implements ObjectFields {
  readonly names: FieldNames<number> = names;
  readonly draft = new SpanDraft();
  readonly attributes: BodyAttributes;
  readonly #reader: JsonReader;
  readonly #list: AttributesReader<KeptAttribute>;
  readonly #status: StatusReader;
  readonly #id = new IdWords();

  constructor(reader: JsonReader) {
    this.#reader = reader;
    const attributes = new BodyAttributes(reader.bytes, reader.view, texts);
    this.attributes = attributes;
    this.#list = new AttributesReader(reader, keys, `${WHERE}.attributes`, (kept, value) => {
      if (value.form !== OTHER) attributes.add(kept, value.form, value.place, value.length);
      else if (value.other !== undefined) attributes.addRead(kept, coerce(kept, value.other));
    });
    this.#status = new StatusReader(reader, this.draft);
  }

  forget(): void {
    this.draft.clear();
    this.attributes.forgetSpan();
  }

  read(field: number): undefined {
    const reader = this.#reader;
    const draft = this.draft;
    const id = this.#id;
    switch (field) {
      case 0:
        this.#list.readList();
        break;
      case 1:
        id.read(reader, `${WHERE}.traceId`);
        draft.traceIdBytes = Math.max(0, id.count) * 4;
        draft.trace0 = id.words[0] as number;
        draft.trace1 = id.words[1] as number;
        draft.trace2 = id.words[2] as number;
        draft.trace3 = id.words[3] as number;
        break;
      case 2:
        id.read(reader, `${WHERE}.spanId`);
        draft.spanIdBytes = Math.max(0, id.count) * 4;
        draft.span0 = id.words[0] as number;
        draft.span1 = id.words[1] as number;
        break;
      case 3:
        id.read(reader, `${WHERE}.parentSpanId`);
        if (id.count === 2) {
          draft.parent0 = id.words[0] as number;
          draft.parent1 = id.words[1] as number;
          // Some senders write a root's missing parent as zeros.
          draft.hasParent = (draft.parent0 | draft.parent1) !== 0;
        } else draft.hasParent = id.count !== 0;
        break;
      case 4:
        this.#readName();
        break;
      case 5:
        draft.kind = readEnum(reader, KINDS);
        break;
      case 6:
        readTime(reader, draft.start);
        break;
      case 7:
        readTime(reader, draft.end);
        break;
      case 8:
        if (reader.kind() === "object") readNow(reader, this.#status);
        else {
          reader.wrong(`${WHERE}.status`, "an object");
          reader.skip();
        }
    }
  }

  #readName(): void {
    const reader = this.#reader;
    if (reader.kind() === "string") {
      reader.string();
      const { textBytes, textView, textStart, textLength } = reader;
      // A short one is among those that come again and again.
      this.draft.name =
        textLength <= 64 ? texts.text(textBytes, textView, textStart, textLength) : reader.text();
    } else {
      reader.wrong(`${WHERE}.name`, "a string");
      reader.skip();
    }
  }
}

class StatusReader implements ObjectFields {
  readonly names: FieldNames<number> = statusNames;
  readonly #reader: JsonReader;
  readonly #draft: SpanDraft;

  constructor(reader: JsonReader, draft: SpanDraft) {
    this.#reader = reader;
    this.#draft = draft;
  }

  forget(): void {
    this.#draft.statusCode = 0;
  }

  read(): undefined {
    this.#draft.statusCode = readEnum(this.#reader, STATUS_CODES);
  }
}

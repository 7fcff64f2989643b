import { encodeProtobuf } from "../otlp/encode.ts";
import { keyValues, type SpanMessage } from "../otlp/messages.ts";

export interface SpanShape {
  readonly name: string;
  readonly kind: number;
  readonly attributes: Readonly<Record<string, string | number>>;
}

interface Places {
  readonly ids: number;
  readonly times: number;
  readonly number: number;
}

/** A number whose varint takes five bytes, as every number is written here. */
const NUMBER = 2 ** 30;
const NS_PER_MS = 1_000_000n;

/**
 * A protobuf request that is encoded once and whose ids, times, numbers and texts are then written over, so that a day of
 * requests costs little but what is to be measured. Texts are replaced by texts of the same length.
 */
export class PatchableRequest {
  readonly #body: Buffer;
  readonly #spans: readonly Places[];
  readonly #texts: ReadonlyMap<string, readonly number[]>;

  /**
   * @param resource attributes of the resource
   * @param numberKey the attribute that holds a span's number
   * @param texts texts in the shapes and the resource that are replaced later
   */
  constructor(options: {
    readonly resource: Readonly<Record<string, string>>;
    readonly shapes: readonly SpanShape[];
    readonly numberKey: string;
    readonly texts: readonly string[];
  }) {
    const { resource, shapes, numberKey, texts } = options;
    const spans = shapes.map((shape, index) => marked(shape, index, numberKey));
    const body = encodeProtobuf({
      resourceSpans: [{ resource: { attributes: keyValues(resource) }, scopeSpans: [{ spans }] }],
    });
    this.#body = Buffer.from(body);
    this.#spans = shapes.map((_, index) => this.#placesOf(index));
    this.#texts = new Map(texts.map((text) => [text, this.#everyPlaceOf(text)]));
  }

  /** Writes a text over the one that was there when the request was made. */
  setText(original: string, text: string): void {
    if (text.length !== original.length) throw new RangeError(`"${text}" is not as long as "${original}".`);
    for (const at of this.#texts.get(original) ?? []) this.#body.write(text, at, "latin1");
  }

  /** Gives a span its ids (by an ordinal that no other span has), its number and its times. */
  setSpan(index: number, span: { ordinal: number; number: number; endMs: number; durationMs: number }): void {
    const places = this.#spans[index];
    if (places === undefined) throw new RangeError(`There is no span ${index}.`);
    const { ordinal, number, endMs, durationMs } = span;
    const body = this.#body;
    // The trace id's last bytes, then tag and length, then the span id.
    body.writeDoubleLE(ordinal, places.ids + 8);
    body.writeDoubleLE(ordinal, places.ids + 18);
    const endNs = BigInt(Math.round(endMs * 1_000)) * 1_000n;
    body.writeBigUInt64LE(endNs - BigInt(Math.round(durationMs)) * NS_PER_MS, places.times);
    body.writeBigUInt64LE(endNs, places.times + 9);
    for (let byte = 0; byte < 5; byte += 1) {
      const bits = Math.floor(number / 2 ** (7 * byte)) % 128;
      body[places.number + byte] = byte < 4 ? bits | 0x80 : bits;
    }
  }

  /** A copy, as each request is a buffer of its own. */
  bytes(): Buffer {
    return Buffer.from(this.#body);
  }

  #placesOf(index: number): Places {
    const ids = this.#placeOf(Buffer.from(traceId(index), "hex"), 0);
    const times = this.#placeOf(littleEndian(START_MARK, index), ids);
    return { ids, times, number: this.#placeOf(varint(NUMBER + index), times) };
  }

  #placeOf(sought: Buffer, from: number): number {
    const at = this.#body.indexOf(sought, from);
    if (at < 0) throw new Error(`The request does not hold ${sought.toString("hex")}.`);
    return at;
  }

  #everyPlaceOf(text: string): number[] {
    const places: number[] = [];
    for (let at = this.#body.indexOf(text); at >= 0; at = this.#body.indexOf(text, at + 1)) places.push(at);
    return places;
  }
}

const START_MARK = 0xa5a5a5a500000000n;

function marked({ name, kind, attributes }: SpanShape, index: number, numberKey: string): SpanMessage {
  return {
    traceId: traceId(index),
    spanId: traceId(index).slice(0, 16),
    name,
    kind,
    startTimeUnixNano: String(START_MARK + BigInt(index)),
    endTimeUnixNano: String(START_MARK + BigInt(index)),
    attributes: keyValues({ [numberKey]: NUMBER + index, ...attributes }),
    status: { code: 1 },
  };
}

function traceId(index: number): string {
  return index.toString(16).padStart(8, "0").padStart(32, "e7");
}

function littleEndian(mark: bigint, index: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(mark + BigInt(index));
  return bytes;
}

function varint(number: number): Buffer {
  return Buffer.from(
    Array.from({ length: 5 }, (_, byte) => {
      const bits = Math.floor(number / 2 ** (7 * byte)) % 128;
      return byte < 4 ? bits | 0x80 : bits;
    }),
  );
}

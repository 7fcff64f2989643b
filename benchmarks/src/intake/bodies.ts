import { SPANS, type Template, template } from "./template.ts";
import { BASE58, FIRST_SEQ, LAST_SEQ, SPANS_PER_TRADE } from "./trade-spans.ts";

/** Requests in a row that hold whole trades only. */
const CYCLE = SPANS_PER_TRADE;
/** Bodies of this many cycles are made beforehand; together they are larger than a core's cache. */
const CYCLES = 3;
const TWO_32 = 2 ** 32;

/** Requests until every number of `slipstream.seq` is used up. */
export const MOST_REQUESTS: number = Math.floor((LAST_SEQ - FIRST_SEQ) / SPANS);

/**
 * An endless stream of trades as OTLP bodies of 512 spans, none of them twice. The bodies are made once; for each request
 * only ids, times, `slipstream.seq`, `trade.id` and the signature are written into a copy, so that sending takes far
 * less than receiving.
 */
export class Bodies {
  readonly #templates: readonly Template[];
  readonly #run: number;
  #requests = 0;

  /** @param run tells the ids of one stream from those of another, 32 bits */
  constructor(run: number) {
    this.#run = run >>> 0;
    this.#templates = Array.from({ length: CYCLE * CYCLES }, (_, n) => template(n));
  }

  get longest(): number {
    return Math.max(...this.#templates.map(({ body }) => body.length));
  }

  /** Bytes of a span, on average. */
  get bytesPerSpan(): number {
    const bytes = this.#templates.reduce((sum, { body }) => sum + body.length, 0);
    return bytes / this.#templates.length / SPANS;
  }

  /** Writes the next body to `target`, its spans ended within the millisecond before `nowMs`; answers what it holds. */
  writeNext(nowMs: number, target: Buffer, at: number): { readonly bytes: number; readonly trades: number } {
    const first = this.#requests * SPANS;
    const chosen = this.#templates[this.#requests % this.#templates.length] as Template;
    this.#requests += 1;
    chosen.body.copy(target, at);
    const endNanos = BigInt(Math.round(nowMs)) * 1_000_000n;
    const high = Number(endNanos >> 32n);
    const low = Number(endNanos & 0xffff_ffffn);
    let trades = 0;
    for (let i = 0; i < SPANS; i += 1) {
      const { span, places } = chosen.spans[i] as Template["spans"][number];
      const trade = Math.floor((first + i) / SPANS_PER_TRADE);
      this.#writeTraceId(target, at + places.traceId, trade);
      this.#writeSpanId(target, at + places.spanId, trade, span.place);
      writeTime(target, at + places.end, high, low + (i - SPANS) * 1_000);
      writeTime(target, at + places.start, high, low + (i - SPANS) * 1_000 - span.durationNanos);
      writeVarint(target, at + places.seq, FIRST_SEQ + first + i);
      writeDecimal(target, at + places.tradeIdEnd, trade);
      if (span.parent === undefined) {
        trades += 1;
        writeBase58(target, at + places.signature, trade);
      } else this.#writeSpanId(target, at + places.parentId, trade, span.parent);
    }
    return { bytes: chosen.body.length, trades };
  }

  // As random as real ids are, for who hashes them, and yet never twice: the first word is a bijection of the number.
  #writeTraceId(target: Buffer, at: number, trade: number): void {
    target.writeUInt32BE(scatter(trade), at);
    target.writeUInt32BE(scatter(trade ^ 0x5bd1_e995), at + 4);
    target.writeUInt32BE(this.#run, at + 8);
    target.writeUInt32BE(scatter(this.#run ^ trade), at + 12);
  }

  #writeSpanId(target: Buffer, at: number, trade: number, place: number): void {
    target.writeUInt32BE(scatter(trade * 8 + place + 1), at);
    target.writeUInt32BE(scatter(this.#run + place), at + 4);
  }
}

/** A bijection of 32-bit numbers: the end of MurmurHash3. */
function scatter(n: number): number {
  let x = n | 0;
  x = Math.imul(x ^ (x >>> 16), 0x85eb_ca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2_ae35);
  return (x ^ (x >>> 16)) >>> 0;
}

/** A fixed64 of high * 2^32 + low, where `low` may be below 0 or above 2^32. */
function writeTime(target: Buffer, at: number, high: number, low: number): void {
  const carry = Math.floor(low / TWO_32);
  target.writeUInt32LE(low - carry * TWO_32, at);
  target.writeUInt32LE(high + carry, at + 4);
}

/** A varint of four bytes. */
function writeVarint(target: Buffer, at: number, value: number): void {
  target[at] = (value & 0x7f) | 0x80;
  target[at + 1] = ((value >>> 7) & 0x7f) | 0x80;
  target[at + 2] = ((value >>> 14) & 0x7f) | 0x80;
  target[at + 3] = value >>> 21;
}

/** A number's digits, the last of them before `end`. What stands before them are zeros. */
function writeDecimal(target: Buffer, end: number, value: number): void {
  let rest = value;
  for (let at = end - 1; rest > 0; at -= 1) {
    const next = Math.floor(rest / 10);
    target[at] = 0x30 + rest - next * 10;
    rest = next;
  }
}

/** Six digits of a signature. */
function writeBase58(target: Buffer, at: number, value: number): void {
  let rest = value;
  for (let i = 0; i < 6; i += 1) {
    target[at + i] = BASE58.charCodeAt(rest % 58);
    rest = Math.floor(rest / 58);
  }
}

import { isSecretAttribute, isSecretFlag } from "@slipstream/conventions";
import { OtlpError } from "../decode/errors.ts";
import { noLimits } from "../decode/limits.ts";
import type { Batch } from "../decode/model.ts";
import { FIXED32, FIXED64, BYTES as LENGTH_DELIMITED, ProtoReader, VARINT } from "../decode/reader.ts";
import { FragmentPlaces } from "./fragments.ts";
import type { Masking } from "./masking.ts";
import { ALL_OF_IT, ANY_TEXT, attributeWays, isClean } from "./usual-texts.ts";

/** What a field of a message holds, if it may hold a secret: a text, an attribute, or another message. */
type Field = "text" | "attribute" | Message;
interface Message {
  readonly [field: number]: Field;
}

// opentelemetry/proto/{common,resource,trace,metrics}/v1
const SCOPE: Message = { 1: "text", 2: "text", 3: "attribute" };
const RESOURCE: Message = { 1: "attribute" };
const EVENT: Message = { 2: "text", 3: "attribute" };
const LINK: Message = { 3: "text", 4: "attribute" };
const STATUS: Message = { 2: "text" };
const SPAN: Message = { 3: "text", 5: "text", 9: "attribute", 11: EVENT, 13: LINK, 15: STATUS };
const EXEMPLAR: Message = { 7: "attribute" };
const NUMBER_POINT: Message = { 5: EXEMPLAR, 7: "attribute" };
const HISTOGRAM_POINT: Message = { 8: EXEMPLAR, 9: "attribute" };
const EXPONENTIAL_POINT: Message = { 1: "attribute", 11: EXEMPLAR };
const SUMMARY_POINT: Message = { 7: "attribute" };
const METRIC: Message = {
  1: "text",
  2: "text",
  3: "text",
  5: { 1: NUMBER_POINT },
  7: { 1: NUMBER_POINT },
  9: { 1: HISTOGRAM_POINT },
  10: { 1: EXPONENTIAL_POINT },
  11: { 1: SUMMARY_POINT },
  12: "attribute",
};
const requestOf = (item: Message): Message => ({
  1: { 1: RESOURCE, 2: { 1: SCOPE, 2: item, 3: "text" }, 3: "text" },
});
const requests: Readonly<Record<Batch["kind"], Message>> = {
  traces: requestOf(SPAN),
  metrics: requestOf(METRIC),
};

const STRING = 1;
const ARRAY = 5;
const MAP = 6;
const BYTES = 7;
/** 32 levels of maps: an attribute is at most five messages deep, and each level of a map takes two. */
const MAX_DEPTH = 6 + 2 * 32;
/** A longer name is none that is known. */
const LONGEST_NAME = 256;
/** Messages as deep as this hold few fields beside their lists of items: a request, and what comes of one resource. */
const LIST_DEPTH = 1;
/** So many bytes are passed over in a step. */
const STEP_BYTES = 16_384;
/** So many fields are read in a step. */
const STEP_FIELDS = 2_048;

// What stands before an attribute's name, and before its value.
const KEY_TAG = (1 << 3) | LENGTH_DELIMITED;
const VALUE_TAG = (2 << 3) | LENGTH_DELIMITED;
const STRING_TAG = (STRING << 3) | LENGTH_DELIMITED;
const LARGEST_SCALAR_TAG = (4 << 3) | FIXED64;
const ways = attributeWays();

type Steps = Generator<void, void, void>;

const WHERE = "request";

/** Overwrites the secrets of an OTLP request in protobuf. */
export function* scrubProtobuf(masking: Masking, kind: Batch["kind"]): Steps {
  yield* new Scrubber(masking).search(requests[kind], 0, masking.bytes.length, 0);
}

class Scrubber {
  readonly #masking: Masking;
  readonly #reader: ProtoReader;
  readonly #fragments: FragmentPlaces;
  #pauseAt = STEP_BYTES;
  /** Fields that may be read until the next pause. */
  #fieldsLeft = STEP_FIELDS;
  // Of the field that was read last.
  #field = 0;
  #from = 0;
  /** -1: it is a number, or a message in the old form. */
  #to = 0;

  constructor(masking: Masking) {
    this.#masking = masking;
    this.#reader = new ProtoReader(masking.bytes, noLimits);
    this.#fragments = new FragmentPlaces(masking.bytes);
  }

  /**
   * Searches what a field holds. If it is no protobuf, the rest of it stays as it is: the decoder refuses the body, or does not read
   * that field.
   */
  *search(field: Field, from: number, to: number, depth: number): Steps {
    try {
      if (field === "text") yield* this.#masking.search(from, to);
      else if (field === "attribute") yield* this.#attribute(from, to, depth, false);
      else yield* this.#message(field, from, to, depth);
    } catch (error) {
      if (!(error instanceof OtlpError)) throw error;
    }
  }

  *#message(fields: Message, start: number, end: number, depth: number): Steps {
    for (let at = this.#pass(fields, start, end, depth); at < end; at = this.#pass(fields, at, end, depth)) {
      if (at >= this.#pauseAt) {
        this.#pauseAt = at + STEP_BYTES;
        yield;
        continue;
      }
      yield* this.#masking.rest();
      at = this.#read(at, end);
      const field = fields[this.#field];
      const [from, to] = [this.#from, this.#to];
      if (field !== undefined && to >= 0) yield* this.search(field, from, to, depth + 1);
    }
  }

  /**
   * Passes over the fields in which there is no secret, as far as that is known at once. It ends at one that is to be searched, at one
   * that it cannot read, or if it is time for a pause.
   *
   * @returns where that field begins, or `end`
   */
  #pass(fields: Message, start: number, end: number, depth: number): number {
    const masking = this.#masking;
    const { bytes } = masking;
    for (let at = start; at < end; ) {
      if (at >= this.#pauseAt || masking.isTired) return at;
      let pos = at;
      let tag = bytes[pos++] as number;
      // Numbers of fields from 16 on take a second byte.
      if (tag >= 0x80) tag += ((bytes[pos++] as number) - 1) * 0x80;
      if (tag >= 0x4000) return at;
      if ((tag & 7) !== LENGTH_DELIMITED) {
        pos = afterNumber(bytes, pos, tag & 7);
        if (!(pos <= end)) return at;
        at = pos;
        continue;
      }
      let length = bytes[pos++] as number;
      if (length >= 0x80) length += ((bytes[pos++] as number) - 1) * 0x80;
      if (length >= 0x4000) length += ((bytes[pos++] as number) - 1) * 0x4000;
      const to = pos + length;
      if (!(to <= end) || length >= 0x20_0000) return at;
      const field = fields[tag >>> 3];
      if (field !== undefined && !this.#isClean(field, pos, to, depth)) return at;
      at = to;
    }
    return end;
  }

  #isClean(field: Field, from: number, to: number, depth: number): boolean {
    if (field === "attribute") return this.#isCleanAttribute(from, to);
    if (field === "text") return isClean(this.#masking, from, to, ANY_TEXT);
    return depth > LIST_DEPTH && this.#pass(field, from, to, depth + 1) === to;
  }

  /** Whether it is known to hold no secret, as every encoder writes it: the name, then the value, a scalar. */
  #isCleanAttribute(at: number, end: number): boolean {
    const { bytes, view } = this.#masking;
    const keyLength = bytes[at + 1] as number;
    const valueAt = at + 2 + keyLength;
    if (valueAt + 4 > end || bytes[at] !== KEY_TAG || bytes[valueAt] !== VALUE_TAG) return false;
    const valueLength = bytes[valueAt + 1] as number;
    if (keyLength >= 0x80 || valueLength >= 0x80 || valueAt + 2 + valueLength !== end) return false;
    const tag = bytes[valueAt + 2] as number;
    if (tag !== STRING_TAG)
      return tag <= LARGEST_SCALAR_TAG && afterNumber(bytes, valueAt + 3, tag & 7) === end;
    if (bytes[valueAt + 3] !== valueLength - 2) return false;
    const way = ways.find(view, at + 2, keyLength);
    if (way === undefined || way === ALL_OF_IT) return false;
    return isClean(this.#masking, valueAt + 4, end, way);
  }

  /** @param isSuspect whether it is known that there may be a secret in it */
  *#attribute(start: number, end: number, depth: number, isSuspect: boolean): Steps {
    let key = "";
    let [valueFrom, valueTo] = [0, -1];
    for (let at = start; at < end; ) {
      if (this.#fieldsLeft <= 0) yield* this.#pause();
      at = this.#read(at, end);
      if (this.#to < 0) continue;
      if (this.#field === 1) key = this.#nameAt(this.#from, this.#to);
      else if (this.#field === 2) [valueFrom, valueTo] = [this.#from, this.#to];
    }
    if (valueTo < 0) return;
    const isSecret = isSecretAttribute(key);
    if (isSecret || isSuspect || (yield* this.#isSuspect(start, end)))
      yield* this.#value(valueFrom, valueTo, key, isSecret, depth + 1);
  }

  *#isSuspect(from: number, to: number): Generator<void, boolean, void> {
    if (this.#masking.isOdd(from, to)) return true;
    this.#fragments.startAt(from);
    return yield* this.#fragments.areIn(from, to);
  }

  *#value(start: number, end: number, key: string, isSecret: boolean, depth: number): Steps {
    for (let at = start; at < end; ) {
      if (this.#fieldsLeft <= 0) yield* this.#pause();
      const tagAt = at;
      at = this.#read(at, end);
      const [field, from, to] = [this.#field, this.#from, this.#to];
      if (to < 0) continue;
      if (depth > MAX_DEPTH && (field === ARRAY || field === MAP)) this.#cut(tagAt, from, to);
      else if (field === STRING || field === BYTES) {
        if (isSecret) this.#masking.mask(from, to);
        else yield* this.#masking.search(from, to, key);
      } else if (field === ARRAY) yield* this.#array(from, to, key, isSecret, depth + 1);
      else if (field === MAP) yield* this.#map(from, to, key, isSecret, depth + 1);
    }
  }

  /** Makes a text of stars out of what nests too deep to be searched. */
  #cut(tagAt: number, from: number, to: number): void {
    const { bytes } = this.#masking;
    // The tag may be longer than it need be.
    if (to > from) bytes[tagAt] = ((bytes[tagAt] as number) & 0x80) | STRING_TAG;
    this.#masking.mask(from, to);
  }

  /** Of a command line, the argument after `--token` is a secret. */
  *#array(start: number, end: number, key: string, isSecret: boolean, depth: number): Steps {
    let follows = false;
    for (let at = start; at < end; ) {
      if (this.#fieldsLeft <= 0) yield* this.#pause();
      at = this.#read(at, end);
      const [field, from, to] = [this.#field, this.#from, this.#to];
      if (field !== 1 || to < 0) continue;
      const isFlag = isSecretFlag(this.#textOf(from, to));
      yield* this.#value(from, to, key, isSecret || (follows && !isFlag), depth);
      follows = isFlag;
    }
  }

  *#map(start: number, end: number, key: string, isSecret: boolean, depth: number): Steps {
    for (let at = start; at < end; ) {
      if (this.#fieldsLeft <= 0) yield* this.#pause();
      at = this.#read(at, end);
      const [field, from, to] = [this.#field, this.#from, this.#to];
      if (field !== 1 || to < 0) continue;
      if (isSecret) yield* this.#valuesOf(from, to, key, depth);
      else yield* this.#attribute(from, to, depth, true);
    }
  }

  *#valuesOf(start: number, end: number, key: string, depth: number): Steps {
    for (let at = start; at < end; ) {
      if (this.#fieldsLeft <= 0) yield* this.#pause();
      at = this.#read(at, end);
      if (this.#field === 2 && this.#to >= 0) yield* this.#value(this.#from, this.#to, key, true, depth + 1);
    }
  }

  #textOf(start: number, end: number): string {
    if (start >= end) return "";
    this.#read(start, end);
    return this.#field === STRING && this.#to >= 0 ? this.#nameAt(this.#from, this.#to) : "";
  }

  #nameAt(from: number, to: number): string {
    return this.#masking.letters(Math.max(from, to - LONGEST_NAME), to);
  }

  *#pause(): Steps {
    this.#fieldsLeft = STEP_FIELDS;
    yield;
  }

  /** Reads a field's tag and finds its content. @returns where the next field begins */
  #read(at: number, end: number): number {
    this.#fieldsLeft -= 1;
    const reader = this.#reader;
    reader.pos = at;
    reader.end = end;
    const tag = reader.tag(WHERE);
    this.#field = tag >>> 3;
    this.#to = -1;
    if ((tag & 7) === LENGTH_DELIMITED) {
      const length = reader.length(WHERE);
      this.#from = reader.take(length, WHERE);
      this.#to = reader.pos;
    } else reader.skip(tag, 0, WHERE);
    return reader.pos;
  }
}

/** Where a number of a wire type ends; NaN if it is none. */
function afterNumber(bytes: Uint8Array, at: number, wireType: number): number {
  if (wireType === FIXED64) return at + 8;
  if (wireType === FIXED32) return at + 4;
  if (wireType !== VARINT) return Number.NaN;
  for (let pos = at; pos < at + 10; pos++) if ((bytes[pos] as number) < 0x80) return pos + 1;
  return Number.NaN;
}

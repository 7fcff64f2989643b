import { isSecretAttribute, isSecretFlag } from "@slipstream/conventions";
import { OtlpError } from "../decode/errors.ts";
import { noLimits } from "../decode/limits.ts";
import type { Batch } from "../decode/model.ts";
import { MAX_VALUE_DEPTH } from "../decode/protobuf-attributes.ts";
import { BYTES as LENGTH_DELIMITED, ProtoReader } from "../decode/reader.ts";
import type { Masking } from "./masking.ts";
import type { Places } from "./places.ts";

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
/** More than the decoder reads: an attribute is at most five messages deep, and each level of a map takes two. */
const MAX_DEPTH = 6 + 2 * MAX_VALUE_DEPTH;
/** A longer name is none that is known. */
const LONGEST_NAME = 256;

type Steps = Generator<void, void, void>;

const WHERE = "request";

/**
 * Overwrites the secrets of an OTLP request in protobuf. It goes only into messages in which a fragment was found.
 *
 * @param found where
 */
export function* scrubProtobuf(masking: Masking, kind: Batch["kind"], found: Places): Steps {
  yield* new Scrubber(masking, found).search(requests[kind], 0, masking.bytes.length, 0);
}

class Scrubber {
  readonly #masking: Masking;
  readonly #found: Places;
  readonly #reader: ProtoReader;
  // Of the field that was read last.
  #field = 0;
  #from = 0;
  /** -1: it is a number, or a message in the old form. */
  #to = 0;

  constructor(masking: Masking, found: Places) {
    this.#masking = masking;
    this.#found = found;
    this.#reader = new ProtoReader(masking.bytes, noLimits);
  }

  /**
   * Searches what a field holds. If it is no protobuf, the rest of it stays as it is: the decoder refuses the body, or does not read
   * that field.
   */
  *search(field: Field, from: number, to: number, depth: number): Steps {
    try {
      if (field === "text") yield* this.#masking.search(from, to);
      else if (field === "attribute") yield* this.#attribute(from, to, depth);
      else yield* this.#message(field, from, to, depth);
    } catch (error) {
      if (!(error instanceof OtlpError)) throw error;
    }
  }

  *#message(fields: Message, start: number, end: number, depth: number): Steps {
    for (let at = start; at < end; ) {
      at = this.#read(at, end);
      const field = fields[this.#field];
      const [from, to] = [this.#from, this.#to];
      if (field === undefined || to < 0 || !this.#found.areIn(from, to)) continue;
      yield* this.search(field, from, to, depth + 1);
    }
  }

  *#attribute(start: number, end: number, depth: number): Steps {
    let key = "";
    let [valueFrom, valueTo] = [0, -1];
    for (let at = start; at < end; ) {
      at = this.#read(at, end);
      if (this.#to < 0) continue;
      if (this.#field === 1) key = this.#nameAt(this.#from, this.#to);
      else if (this.#field === 2) [valueFrom, valueTo] = [this.#from, this.#to];
    }
    if (valueTo >= 0) yield* this.#value(valueFrom, valueTo, key, isSecretAttribute(key), depth + 1);
  }

  /** @param isSecret all of it is */
  *#value(start: number, end: number, key: string, isSecret: boolean, depth: number): Steps {
    if (depth > MAX_DEPTH) return;
    for (let at = start; at < end; ) {
      at = this.#read(at, end);
      const [field, from, to] = [this.#field, this.#from, this.#to];
      if (to < 0) continue;
      if (field === STRING || field === BYTES) {
        if (isSecret) this.#masking.mask(from, to);
        else yield* this.#masking.search(from, to, key);
      } else if (field === ARRAY) yield* this.#array(from, to, key, isSecret, depth + 1);
      else if (field === MAP) yield* this.#map(from, to, key, isSecret, depth + 1);
    }
  }

  /** Of a command line, the argument after `--token` is a secret. */
  *#array(start: number, end: number, key: string, isSecret: boolean, depth: number): Steps {
    let follows = false;
    for (let at = start; at < end; ) {
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
      at = this.#read(at, end);
      const [field, from, to] = [this.#field, this.#from, this.#to];
      if (field !== 1 || to < 0) continue;
      if (isSecret) yield* this.#valuesOf(from, to, key, depth);
      else yield* this.#attribute(from, to, depth);
    }
  }

  *#valuesOf(start: number, end: number, key: string, depth: number): Steps {
    for (let at = start; at < end; ) {
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

  /** Reads a field's tag and finds its content. @returns where the next field begins */
  #read(at: number, end: number): number {
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

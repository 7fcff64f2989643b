import { NO_VALUE } from "../value-forms.ts";
import { AnyValueReader } from "./any-value.ts";
import { type FieldNames, messageFields } from "./fields.ts";
import type { JsonReader } from "./reader.ts";
import { LATER, type ObjectFields, readNow } from "./structure.ts";
import { isKey, isValue, KEY_QUOTE, LOOKED_AT, VALUE_COLON } from "./usual.ts";

const KEY = 0;
const COLON = 0x3a;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const names = messageFields(["key", "value"]);

/** Reads lists of attributes. Of those whose key is known, it calls `each` with what the key stands for and the value. */
export class AttributesReader<Key> implements ObjectFields {
  readonly names: FieldNames<number> = names;
  readonly #reader: JsonReader;
  readonly #keys: FieldNames<Key>;
  readonly #where: string;
  readonly #each: (key: Key, value: AnyValueReader) => void;
  readonly #value: AnyValueReader;
  #key: Key | undefined = undefined;
  #hasKey = false;

  constructor(
    reader: JsonReader,
    keys: FieldNames<Key>,
    where: string,
    each: (key: Key, value: AnyValueReader) => void,
  ) {
    this.#reader = reader;
    this.#keys = keys;
    this.#where = where;
    this.#each = each;
    this.#value = new AnyValueReader(reader);
  }

  /** Reads the array that comes next. */
  readList(): void {
    const reader = this.#reader;
    if (reader.kind() !== "array") {
      reader.wrong(this.#where, "an array");
      reader.skip();
      return;
    }
    for (let more = reader.openArray(); more; more = reader.nextItem()) {
      reader.value();
      if (reader.kind() === "object") this.#readOne();
      else {
        reader.wrong(`${this.#where}[]`, "an object");
        reader.skip();
      }
    }
  }

  #readOne(): void {
    if (!this.#readUsual()) readNow(this.#reader, this);
    if (!this.#hasKey) this.#reader.wrong(`${this.#where}[].key`, "a string");
    if (this.#key !== undefined && this.#value.form !== NO_VALUE) this.#each(this.#key, this.#value);
  }

  /** Reads the attribute if it is written as usual: the key, then the value, nothing else. If not, nothing is read. */
  #readUsual(): boolean {
    const reader = this.#reader;
    const { bytes, view, end, pos, wrongs } = reader;
    if (pos + LOOKED_AT > end || !isKey(view, pos)) return false;
    reader.value();
    reader.descend();
    reader.pos = pos + KEY_QUOTE;
    this.#key = reader.known(this.#keys);
    const at = reader.pos;
    let isUsual = false;
    if (at + LOOKED_AT <= end && isValue(view, at) && bytes[at + VALUE_COLON] === COLON) {
      reader.pos = at + VALUE_COLON + 1;
      if (bytes[reader.pos] === OPEN_OBJECT) {
        this.#hasKey = true;
        if (this.#key === undefined) reader.skip();
        else this.#value.readObject();
        isUsual = reader.pos < end && bytes[reader.pos] === CLOSE_OBJECT;
      }
    }
    reader.ascend();
    reader.pos = isUsual ? reader.pos + 1 : pos;
    if (!isUsual) reader.forgive(wrongs);
    return isUsual;
  }

  forget(): void {
    this.#key = undefined;
    this.#hasKey = false;
    this.#value.forget();
  }

  read(field: number): typeof LATER | undefined {
    const reader = this.#reader;
    const kind = reader.kind();
    if (field === KEY) {
      if (kind === "string") {
        this.#hasKey = true;
        this.#key = reader.known(this.#keys);
      } else reader.skip();
      return undefined;
    }
    if (!this.#hasKey) return LATER;
    if (kind !== "object") {
      reader.wrong(`${this.#where}[].value`, "an object");
      reader.skip();
    } else if (this.#key === undefined) reader.skip();
    else this.#value.readObject();
    return undefined;
  }
}

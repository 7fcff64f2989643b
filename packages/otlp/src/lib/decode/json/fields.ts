import { type NameEntry, NameTable } from "../text.ts";

const QUOTE = 0x22;

/** Finds what a member's name stands for by its bytes. */
export class FieldNames<Value> {
  readonly #table: NameTable<Value>;
  readonly #byText: ReadonlyMap<string, Value>;

  constructor(entries: Iterable<readonly [name: string, value: Value]>) {
    const list = [...entries];
    this.#table = new NameTable(list);
    this.#byText = new Map(list);
  }

  /** The name that is expected, if it stands at `start` with a quote behind it. */
  guess(view: DataView, start: number, end: number): NameEntry<Value> | undefined {
    return this.#table.guess(view, start, end, QUOTE);
  }

  /** A name that has no escapes. */
  find(view: DataView, start: number, length: number): Value | undefined {
    return this.#table.find(view, start, length);
  }

  /** A name that had escapes. It may hold a quote, so `guess` must never come to expect it. */
  ofEscaped(name: string): Value | undefined {
    return this.#byText.get(name);
  }
}

/** Set in a field's number if it came under its snake_case name. */
export const SNAKE = 32;

/** The fields of a message: each name's place in the list, for camelCase and snake_case. */
export function messageFields(names: readonly string[]): FieldNames<number> {
  return new FieldNames(
    names.flatMap((camel, field) => {
      const snake = camel.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
      const entries: (readonly [string, number])[] = [[camel, field]];
      if (snake !== camel) entries.push([snake, field | SNAKE]);
      return entries;
    }),
  );
}

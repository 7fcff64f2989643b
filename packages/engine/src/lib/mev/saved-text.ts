/** JSON with bigints. As text, thousands of objects are handed to another thread more cheaply than as they are. */
export function toText(value: unknown): string {
  return JSON.stringify(value, (_, held: unknown) =>
    typeof held === "bigint" ? { bigint: String(held) } : held,
  );
}

/** @throws SyntaxError where it is no JSON */
export function fromText(text: string): unknown {
  return JSON.parse(text, (_, held: unknown) =>
    typeof held === "object" && held !== null && "bigint" in held ? BigInt(String(held.bigint)) : held,
  );
}

/** Texts of objects that are never changed, only replaced: each is made once. */
export class TextsOfObjects {
  readonly #texts: WeakMap<object, string> = new WeakMap();

  of(value: object): string {
    const known = this.#texts.get(value);
    if (known !== undefined) return known;
    const text = toText(value);
    this.#texts.set(value, text);
    return text;
  }

  /** A line each: JSON has no line breaks. */
  lines(values: Iterable<object>): string {
    const lines: string[] = [];
    for (const value of values) lines.push(this.of(value));
    return lines.join("\n");
  }
}

/** What `lines` made a text of. */
export function fromLines(text: string): unknown[] {
  return text === "" ? [] : (fromText(`[${text.replaceAll("\n", ",")}]`) as unknown[]);
}

/** Plain data that structured clone and `v8.serialize` preserve exactly. */
export type Saved =
  | undefined
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | Uint32Array
  | Float64Array
  | readonly Saved[]
  | { readonly [name: string]: Saved };

/** State that can be saved as plain data and loaded again. */
export interface Savable {
  /** The contents. Shares no memory with the live state and changes nothing visible. */
  save(): Saved;
  /**
   * Restores what `save` returned, without changing it. Call it on a new, empty instance.
   *
   * @throws TypeError if `saved` does not have the shape that `save` returns.
   */
  load(saved: Saved): void;
}

/** Reads the fields of a saved object and checks their types. */
export class SavedFields {
  readonly #what: string;
  readonly #fields: Readonly<Record<string, unknown>>;

  /**
   * @param what What was saved, with its article, for messages.
   * @throws TypeError (as does every method) if something else was saved.
   */
  constructor(what: string, saved: unknown) {
    if (typeof saved !== "object" || saved === null) throw new TypeError(`Not ${what}: it is not an object`);
    this.#what = what;
    this.#fields = saved as Readonly<Record<string, unknown>>;
  }

  /** The value under this name, or undefined if absent. */
  any(name: string): Saved {
    return this.#fields[name] as Saved;
  }

  /** May be infinite. */
  number(name: string): number {
    const value = this.#fields[name];
    return typeof value === "number" && !Number.isNaN(value) ? value : this.#refuse(name, "a number");
  }

  /** A number that is saved as null if it is undefined, so that a missing field is not mistaken for it. */
  optionalNumber(name: string): number | undefined {
    return this.#fields[name] === null ? undefined : this.number(name);
  }

  bigint(name: string): bigint {
    const value = this.#fields[name];
    return typeof value === "bigint" ? value : this.#refuse(name, "a bigint");
  }

  boolean(name: string): boolean {
    const value = this.#fields[name];
    return typeof value === "boolean" ? value : this.#refuse(name, "a boolean");
  }

  text(name: string): string {
    const value = this.#fields[name];
    return typeof value === "string" ? value : this.#refuse(name, "a string");
  }

  texts(name: string): readonly string[] {
    const value = this.list(name);
    return value.every((item) => typeof item === "string") ? value : this.#refuse(name, "a list of strings");
  }

  list(name: string): readonly Saved[] {
    const value: unknown = this.#fields[name];
    return Array.isArray(value) ? (value as Saved[]) : this.#refuse(name, "a list");
  }

  bytes(name: string): Uint8Array {
    const value = this.#fields[name];
    return value instanceof Uint8Array ? value : this.#refuse(name, "bytes");
  }

  /** @param length The required length, if any. */
  doubles(name: string, length?: number): Float64Array {
    const value = this.#fields[name];
    const right = value instanceof Float64Array && (length === undefined || value.length === length);
    return right ? value : this.#refuse(name, `${length ?? "some"} doubles`);
  }

  /** @param length The required length, if any. */
  words(name: string, length?: number): Uint32Array {
    const value = this.#fields[name];
    const right = value instanceof Uint32Array && (length === undefined || value.length === length);
    return right ? value : this.#refuse(name, `${length ?? "some"} words`);
  }

  #refuse(name: string, wanted: string): never {
    throw new TypeError(`Not ${this.#what}: ${name} is not ${wanted}`);
  }
}

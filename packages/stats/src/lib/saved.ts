/** Plain data that structured clone and `v8.serialize` carry without loss. */
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

/** State that can be written down as plain data and taken up again. */
export interface Savable {
  /** The contents, sharing no memory with what goes on changing. It changes nothing that can be read. */
  save(): Saved;
  /**
   * Takes up what `save` gave, which stays as it is. To be called on one that is new and empty.
   *
   * @throws TypeError where `saved` has not the shape of what `save` gives.
   */
  load(saved: Saved): void;
}

/** Reads the fields of a saved object, each of the type that is asked for. */
export class SavedFields {
  readonly #what: string;
  readonly #fields: Readonly<Record<string, unknown>>;

  /**
   * @param what what was saved, with its article, for messages
   * @throws TypeError, as every method does, where something else was saved.
   */
  constructor(what: string, saved: unknown) {
    if (typeof saved !== "object" || saved === null) throw new TypeError(`Not ${what}: it is no object`);
    this.#what = what;
    this.#fields = saved as Readonly<Record<string, unknown>>;
  }

  /** What is there under the name, undefined where it is absent. */
  any(name: string): Saved {
    return this.#fields[name] as Saved;
  }

  /** May be infinite. */
  number(name: string): number {
    const value = this.#fields[name];
    return typeof value === "number" && !Number.isNaN(value) ? value : this.#refuse(name, "a number");
  }

  /** A number that is saved as null where it is undefined, so that one left out is told from it. */
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
    return typeof value === "string" ? value : this.#refuse(name, "a text");
  }

  texts(name: string): readonly string[] {
    const value = this.list(name);
    return value.every((item) => typeof item === "string") ? value : this.#refuse(name, "a list of texts");
  }

  list(name: string): readonly Saved[] {
    const value: unknown = this.#fields[name];
    return Array.isArray(value) ? (value as Saved[]) : this.#refuse(name, "a list");
  }

  bytes(name: string): Uint8Array {
    const value = this.#fields[name];
    return value instanceof Uint8Array ? value : this.#refuse(name, "bytes");
  }

  /** @param length how many there must be */
  doubles(name: string, length?: number): Float64Array {
    const value = this.#fields[name];
    const right = value instanceof Float64Array && (length === undefined || value.length === length);
    return right ? value : this.#refuse(name, `${length ?? "some"} doubles`);
  }

  /** @param length how many there must be */
  words(name: string, length?: number): Uint32Array {
    const value = this.#fields[name];
    const right = value instanceof Uint32Array && (length === undefined || value.length === length);
    return right ? value : this.#refuse(name, `${length ?? "some"} words`);
  }

  #refuse(name: string, wanted: string): never {
    throw new TypeError(`Not ${this.#what}: ${name} is not ${wanted}`);
  }
}

/** A value does not have the form that it should have. The message says where. */
export class WrongForm extends Error {
  override readonly name = "WrongForm";
}

/**
 * The form of what was stored: rows of a database, JSON of ours. Those are checked because a file may be damaged, or written by
 * another version. A schema library would take 7 MiB of memory in each thread that loads it, so it checks only what comes from outside.
 */
export class Form<T> {
  readonly #read: (value: unknown, at: string) => T;

  /** @param read throws WrongForm */
  constructor(read: (value: unknown, at: string) => T) {
    this.#read = read;
  }

  /** @throws WrongForm */
  parse(value: unknown, at = "value"): T {
    return this.#read(value, at);
  }

  /** `data` is undefined for a value of another form. */
  safeParse(value: unknown): { readonly data: T | undefined } {
    try {
      return { data: this.#read(value, "value") };
    } catch (error) {
      if (error instanceof WrongForm) return { data: undefined };
      throw error;
    }
  }

  nullable(): Form<T | null> {
    return new Form((value, at) => (value === null ? null : this.#read(value, at)));
  }

  /** Or undefined, as SQLite answers if there is no row. */
  optional(): Form<T | undefined> {
    return new Form((value, at) => (value === undefined ? undefined : this.#read(value, at)));
  }

  transform<U>(make: (value: T) => U): Form<U> {
    return new Form((value, at) => make(this.#read(value, at)));
  }
}

/** A field that an object may lack. If it is there, it has this form. */
export class MayBeAbsent<T> extends Form<T> {
  readonly mayBeAbsent: true = true;
}

export type FormOf<F> = F extends Form<infer T> ? T : never;

type Fields = Readonly<Record<string, Form<unknown>>>;
type AbsentIn<F extends Fields> = {
  [Name in keyof F]: F[Name] extends MayBeAbsent<unknown> ? Name : never;
}[keyof F];
type ObjectOf<F extends Fields> = { [Name in Exclude<keyof F, AbsentIn<F>>]: FormOf<F[Name]> } & {
  [Name in AbsentIn<F>]?: FormOf<F[Name]>;
};

/** Texts that a pattern matches. */
export function matching(what: string, pattern: RegExp): Form<string> {
  return of(what, (value): value is string => typeof value === "string" && pattern.test(value));
}

function of<T>(what: string, is: (value: unknown) => value is T): Form<T> {
  return new Form((value, at) => {
    if (is(value)) return value;
    throw new WrongForm(`${at} is not ${what}`);
  });
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const anObject = of("an object", isRecord);
const aList = of("a list", (value): value is unknown[] => Array.isArray(value));

/** Finite. */
export const number: Form<number> = of("a number", (value): value is number => Number.isFinite(value));
export const string: Form<string> = of("a text", (value) => typeof value === "string");
export const boolean: Form<boolean> = of("true or false", (value) => typeof value === "boolean");
export const bytes: Form<Uint8Array> = of("bytes", (value) => value instanceof Uint8Array);

export function oneOf<const T extends string>(values: readonly T[]): Form<T> {
  return of(`one of ${values.join(", ")}`, (value): value is T =>
    (values as readonly unknown[]).includes(value),
  );
}

/** The first of the two that it has. */
export function either<A, B>(first: Form<A>, second: Form<B>): Form<A | B> {
  return new Form<A | B>((value, at) => first.safeParse(value).data ?? second.parse(value, at));
}

export function array<T>(item: Form<T>): Form<T[]> {
  return new Form((value, at) =>
    aList.parse(value, at).map((one, index) => item.parse(one, `${at}[${index}]`)),
  );
}

export function tuple<const Items extends readonly Form<unknown>[]>(
  items: Items,
): Form<{ -readonly [At in keyof Items]: FormOf<Items[At]> }> {
  return new Form((value, at) => {
    const list = aList.parse(value, at);
    if (list.length !== items.length) throw new WrongForm(`${at} has not ${items.length} items`);
    return items.map((item, index) => item.parse(list[index], `${at}[${index}]`)) as never;
  });
}

/** Any names, each with a value of this form. */
export function record<T>(item: Form<T>): Form<Record<string, T>> {
  return new Form((value, at) =>
    Object.fromEntries(
      Object.entries(anObject.parse(value, at)).map(([name, one]) => [
        name,
        item.parse(one, `${at}.${name}`),
      ]),
    ),
  );
}

/** These fields; others are left out. */
export function object<F extends Fields>(fields: F): Form<ObjectOf<F>> {
  const entries = Object.entries(fields);
  return new Form((value, at) => {
    const found = anObject.parse(value, at);
    const read: Record<string, unknown> = {};
    for (const [name, form] of entries) {
      if (form instanceof MayBeAbsent && !Object.hasOwn(found, name)) continue;
      read[name] = form.parse(found[name], `${at}.${name}`);
    }
    return read as ObjectOf<F>;
  });
}

/** These fields, and any others as they are. */
export function openObject<F extends Fields>(fields: F): Form<ObjectOf<F> & Record<string, unknown>> {
  const known = object(fields);
  return new Form((value, at) => ({ ...anObject.parse(value, at), ...known.parse(value, at) }));
}

/** For a field of an object: it may lack this one. */
export function absentOr<T>(form: Form<T>): MayBeAbsent<T> {
  return new MayBeAbsent((value, at) => form.parse(value, at));
}

/** A number, with the limits that its check and the text about what is allowed are made from. */
export interface NumberKind {
  readonly type: "number";
  readonly whole?: true;
  /** Smallest value. */
  readonly min?: number;
  /** The value must be greater than this. */
  readonly above?: number;
  readonly max?: number;
  /** The value must be a multiple of this, a whole number. */
  readonly multipleOf?: number;
  readonly unit?: string;
  /** Added to the text about what is allowed: what a special value means. */
  readonly note?: string;
}

export interface TextKind {
  readonly type: "text";
  /** What the text must match. If left out, any text that is not empty. */
  readonly pattern?: RegExp;
  /** Completes "allowed: ...". */
  readonly allowed: string;
}

export interface UrlKind {
  readonly type: "url";
  /** As in `URL.protocol`: with the colon. */
  readonly protocols: readonly string[];
  /** What the URL must match. If left out, any of the protocols. */
  readonly pattern?: RegExp;
  /** Several hosts may be named, separated by commas: `redis+cluster://a:6379,b:6379`. */
  readonly severalHosts?: true;
  readonly example: string;
  /** Added to the text about what is allowed. */
  readonly note?: string;
}

/** One of some words. */
export interface ChoiceKind {
  readonly type: "choice";
  readonly choices: readonly string[];
}

/** A list of texts; in a flag or a variable they are separated by commas. */
export interface ListKind {
  readonly type: "list";
  /** What each item must match. If left out, any text that is not empty. */
  readonly pattern?: RegExp;
  /** Completes "allowed: ...". */
  readonly allowed: string;
}

/** An object of lists, each optional. Only the configuration file can set it. */
export interface ListsKind {
  readonly type: "lists";
  readonly names: readonly string[];
  /** Completes "allowed: ...". */
  readonly allowed: string;
}

/** One number for all of some names, or an object with a number for some of them. */
export interface NumbersKind extends Omit<NumberKind, "type"> {
  readonly type: "numbers";
  readonly names: readonly string[];
}

/** Something that is wrong within a value. */
export interface Problem {
  /** Where, as in `ops.url` or `[3].for`; empty for the value as a whole. */
  readonly place: string;
  /** What is wrong and what is allowed. It holds no secret. */
  readonly text: string;
}

/** A value of a form of its own, such as a list of rules. Only the configuration file can set it. */
export interface ObjectKind<T = unknown> {
  readonly type: "object";
  /** Completes "allowed: ...". */
  readonly allowed: string;
  /** Everything that is wrong with a value; with none, it is a `T`. */
  problems(value: unknown): readonly Problem[];
  /** What may be printed of a value: no secrets. */
  printed(value: T): unknown;
}

/** What values an option takes. */
export type Kind =
  | NumberKind
  | TextKind
  | UrlKind
  | ChoiceKind
  | ListKind
  | ListsKind
  | NumbersKind
  | ObjectKind<never>;

/** The TypeScript type of a kind's values. */
export type ValueOf<K> = K extends { readonly type: "number" }
  ? number
  : K extends { readonly type: "text" | "url" }
    ? string
    : K extends { readonly type: "choice"; readonly choices: readonly (infer Choice)[] }
      ? Choice
      : K extends { readonly type: "list" }
        ? readonly string[]
        : K extends { readonly type: "lists"; readonly names: readonly (infer Name extends string)[] }
          ? { readonly [N in Name]?: readonly string[] | undefined }
          : K extends { readonly type: "numbers"; readonly names: readonly (infer Name extends string)[] }
            ? number | { readonly [N in Name]?: number | undefined }
            : K extends { readonly type: "object"; printed(value: infer T): unknown }
              ? T
              : never;

/** Whether a value is of the kind and within its limits. */
export function isAllowed(kind: Kind, value: unknown): boolean {
  switch (kind.type) {
    case "number":
      return withinLimits(kind, value);
    case "text":
      return typeof value === "string" && value !== "" && matches(kind.pattern, value);
    case "url":
      return (
        typeof value === "string" &&
        kind.protocols.includes(protocolOf(kind.severalHosts ? firstHostOnly(value) : value)) &&
        matches(kind.pattern, value)
      );
    case "choice":
      return typeof value === "string" && kind.choices.includes(value);
    case "list":
      return isListOf(kind.pattern, value);
    case "lists":
      return isObjectOf(kind.names, value, (item) => isListOf(undefined, item));
    case "numbers":
      return withinLimits(kind, value) || isObjectOf(kind.names, value, (item) => withinLimits(kind, item));
    case "object":
      return kind.problems(value).length === 0;
  }
}

/**
 * Whether a value is of the kind's type, whatever its limits. For what an earlier version wrote, which may have had other limits.
 */
export function isOfType(kind: Kind, value: unknown): boolean {
  switch (kind.type) {
    case "number":
      return typeof value === "number" && Number.isFinite(value);
    case "text":
    case "url":
    case "choice":
      return typeof value === "string";
    case "list":
      return isListOf(undefined, value);
    case "lists":
      return isObjectOf(undefined, value, (item) => isListOf(undefined, item));
    case "numbers":
      return isFiniteNumber(value) || isObjectOf(undefined, value, isFiniteNumber);
    case "object":
      return typeof value === "object" && value !== null;
  }
}

/**
 * Turns the text of a flag or a variable into a value. Text that is not of the kind comes back as it is, so that a message can
 * show what was written.
 */
export function fromText(kind: Kind, text: string): unknown {
  switch (kind.type) {
    case "number":
    case "numbers":
      return numberFrom(text);
    case "list":
      return text
        .split(",")
        .map((item) => item.trim())
        .filter((item) => item !== "");
    default:
      return text;
  }
}

/**
 * What is allowed, as it completes "allowed: ...".
 * @param value if given, only what helps whoever wrote this: the form of an object, or what a text may be
 */
export function allowedText(kind: Kind, value?: unknown): string {
  switch (kind.type) {
    case "number":
      return numberText(kind);
    case "url":
      return `a URL such as ${kind.example}${kind.note === undefined ? "" : ` (${kind.note})`}`;
    case "choice":
      return kind.choices.join(", ");
    case "numbers": {
      const object = `{ ${kind.names[0]}: 30, ... } for some of ${kind.names.join(", ")}`;
      if (typeof value === "object" && value !== null) return `${object}, each ${numberText(kind)}`;
      return typeof value === "string" ? numberText(kind) : `${numberText(kind)}, or ${object}`;
    }
    default:
      return kind.allowed;
  }
}

/** A URL with the first of its hosts; `URL` reads no list of them. */
export function firstHostOnly(url: string): string {
  return url.replace(furtherHosts, "$1");
}

/** What `firstHostOnly` leaves out: ",b:6379", or "". */
export function furtherHostsOf(url: string): string {
  return furtherHosts.exec(url)?.[2] ?? "";
}

const furtherHosts = /^([^:/?#]+:\/\/(?:[^/?#]*@)?[^/?#,@]*)(,[^/?#@]*)/;

function protocolOf(url: string): string {
  return URL.canParse(url) ? new URL(url).protocol : "";
}

/** A decimal number. Digits may be grouped by underscores, as in TypeScript. */
const NUMBER = /^[+-]?(?:\d+(?:_\d+)*(?:\.\d+)?|\.\d+)(?:e[+-]?\d+)?$/i;

function numberFrom(text: string): unknown {
  return NUMBER.test(text) ? Number(text.replaceAll("_", "")) : text;
}

/** A number; if it is one of bytes and a round one, also as people say it: "4194304 (4 MiB)". */
export function numberWithSize(value: number, unit: string | undefined): string {
  if (unit !== "bytes") return String(value);
  const power = [3, 2, 1].find((exponent) => value >= 1024 ** exponent && value % 1024 ** exponent === 0);
  return power === undefined
    ? String(value)
    : `${value} (${value / 1024 ** power} ${["", "KiB", "MiB", "GiB"][power]})`;
}

function numberText({ whole, min, above, max, multipleOf, unit, note }: Omit<NumberKind, "type">): string {
  const noun =
    multipleOf !== undefined
      ? `a multiple of ${multipleOf}`
      : `${whole ? "a whole number" : "a number"}${unit === undefined ? "" : ` of ${unit}`}`;
  const of = (value: number): string => numberWithSize(value, unit);
  const from = above !== undefined ? ` above ${of(above)}` : min !== undefined ? ` from ${of(min)}` : "";
  const to = max === undefined ? "" : above !== undefined ? `, ${of(max)} at most` : ` to ${of(max)}`;
  const remark = note ?? (multipleOf === undefined ? undefined : unit);
  return `${noun}${from}${to}${remark === undefined ? "" : ` (${remark})`}`;
}

function withinLimits(
  { whole, min, above, max, multipleOf }: Omit<NumberKind, "type">,
  value: unknown,
): boolean {
  if (!isFiniteNumber(value)) return false;
  if (whole && !Number.isSafeInteger(value)) return false;
  if (multipleOf !== undefined && value % multipleOf !== 0) return false;
  return (
    (min === undefined || value >= min) &&
    (above === undefined || value > above) &&
    (max === undefined || value <= max)
  );
}

function isFiniteNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

function isListOf(pattern: RegExp | undefined, value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.every((item) => typeof item === "string" && item !== "" && matches(pattern, item))
  );
}

function isObjectOf(
  names: readonly string[] | undefined,
  value: unknown,
  isItem: (item: unknown) => boolean,
): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return Object.entries(value).every(
    ([name, item]) => (names === undefined || names.includes(name)) && (item === undefined || isItem(item)),
  );
}

function matches(pattern: RegExp | undefined, text: string): boolean {
  return pattern === undefined || pattern.test(text);
}

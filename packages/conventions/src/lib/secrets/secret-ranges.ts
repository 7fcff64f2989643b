import {
  headerPrefixes,
  keyForms,
  keyInPathHosts,
  pathAttributes,
  queryAttributes,
  secretNames,
  secretQueryNames,
} from "./secret-table.ts";

/** From, and to before. */
export type TextRange = readonly [from: number, to: number];

const known: ReadonlySet<string> = new Set(secretNames);
const knownInQuery: ReadonlySet<string> = new Set([...secretNames, ...secretQueryNames]);
const paths: ReadonlySet<string> = new Set(pathAttributes);
const queries: ReadonlySet<string> = new Set(queryAttributes);
const MOST_REMEMBERED = 2_048;
const remembered = new Map<string, boolean>();
/** URLs come again and again. */
const LONGEST_REMEMBERED = 512;
const seen = new Map<string, readonly TextRange[]>();

/**
 * Whether all of an attribute's value is a secret, by its name: "http.request.header.authorization", "db.password".
 * Slipstream's own attributes never are.
 */
export function isSecretAttribute(name: string): boolean {
  let is = remembered.get(name);
  if (is === undefined) {
    is = decide(name.toLowerCase());
    if (remembered.size >= MOST_REMEMBERED) remembered.clear();
    remembered.set(name, is);
  }
  return is;
}

function decide(name: string): boolean {
  if (ownPrefix.test(name)) return false;
  const prefix = headerPrefixes.find((start) => name.startsWith(start));
  const own = prefix === undefined ? name.slice(name.lastIndexOf(".") + 1) : name.slice(prefix.length);
  return isSecretName(own) || (prefix !== undefined && isSecretName(own, knownInQuery));
}

const ownPrefix = /^(?:trade|solana|mev|jito|slipstream)\./;

/** Whether a name is one of the table, or ends in one after a separator: "x-api-key", "HELIUS_API_KEY". */
function isSecretName(text: string, names: ReadonlySet<string> = known): boolean {
  const words = text
    .replaceAll(/([a-z\d])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .split(/[-_.]+/);
  for (let at = 0; at < words.length; at++) if (names.has(words.slice(at).join(""))) return true;
  return false;
}

/** The names of a flag or variable, quoted or not, then what separates it from its value. */
const ASSIGNED =
  /(^|%3f|%26|[^\w.%-])(-{0,2})(["'\\]{0,3})([a-z][\w.-]{1,60}?)["'\\]{0,3}(\s{0,3}(?:=|%3d|=>)\s?|:\s{0,3}|(?<=--[\w.-]{1,60})\s{1,3})(\\?["'])?/gi;
/** Ends a value that is not quoted. */
const VALUE_END = /[\s&"'<>`,;#)}\]\\]|%26|$/g;
const USER = /:\/\/([^\s/?#"'<>`@]{1,512}(?:@[^\s/?#"'<>`@]{1,256})*)@/g;
const SCHEME = /\b(?:bearer|basic|token)\s{1,3}([\w+/=.~:-]{8,})/gi;
const FORM = new RegExp(`\\b(?:${keyForms.map((form) => form.toLowerCase()).join("|")})[\\w-]{8,}`, "gi");
const JSON_WEB_TOKEN = /(?<![\w-])eyJ[\w-]{5,}\.eyJ[\w-]{5,}\.[\w-]*/g;
const PEM = /-----BEGIN [A-Z ]*PRIVATE KEY-----([^-]*)/g;
const SQL_PASSWORD = /\b(?:identified\s+by|password)\s+(?:'([^']*)'|"([^"]*)")/gi;
const HOST_AND_PATH = new RegExp(
  `:\\\\?/\\\\?/(?:[^\\s/?#"'<>\`]{0,253}[.@])?(?:${keyInPathHosts.map((host) => host.replaceAll(".", "\\.")).join("|")})(?::\\d+)?((?:\\\\?/[^\\s?#"'<>\`]*)?)`,
  "gi",
);
const KEY_SEGMENT = /[\w~:-]+/g;
const KEYED_PATH = /\/(?:access-token|api-?key|apikey|auth|token|key)\/([\w-]{8,})/gi;
const VERSIONED_PATH = /^\/v\d\/([\w-]{20,})(?=[/?#]|$)/;
/** 32 hexadecimal digits or more, or a UUID. */
const HEX_SEGMENT = /\/([\da-f]{32,}|[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})(?=[/?#]|$)/gi;

/**
 * Where secrets stand in a text: values of known names, users and passwords of URLs, keys in the paths of known providers, and keys
 * that are known by their form. They may overlap.
 *
 * @param attribute whose value it is, if it is one
 */
export function secretRanges(text: string, attribute?: string): readonly TextRange[] {
  if (text.length > LONGEST_REMEMBERED) return findRanges(text, attribute);
  const by = paths.has(attribute ?? "") || queries.has(attribute ?? "") ? `${attribute} ${text}` : text;
  let ranges = seen.get(by);
  if (ranges === undefined) {
    ranges = findRanges(text, attribute);
    if (seen.size >= MOST_REMEMBERED) seen.clear();
    seen.set(by, ranges);
  }
  return ranges;
}

function findRanges(text: string, attribute: string | undefined): readonly TextRange[] {
  const ranges: TextRange[] = [];
  const add = (from: number, to: number): void => {
    if (to > from) ranges.push([from, to]);
  };
  assigned(text, queries.has(attribute ?? ""), add);
  for (const { index, 1: user = "" } of text.matchAll(USER)) add(index + 3, index + 3 + user.length);
  for (const { index, 0: all, 1: value = "" } of text.matchAll(SCHEME)) {
    // "basic authentication" is no login.
    if (/[\d+/=._-]/.test(value)) add(index + all.length - value.length, index + all.length);
  }
  for (const form of [FORM, JSON_WEB_TOKEN])
    for (const { index, 0: all } of text.matchAll(form)) add(index, index + all.length);
  for (const { index, 0: all, 1: key = "" } of text.matchAll(PEM))
    add(index + all.length - key.length, index + all.length);
  for (const { index, 0: all, 1: single, 2: double } of text.matchAll(SQL_PASSWORD))
    add(index + all.length - 1 - (single ?? double ?? "").length, index + all.length - 1);
  for (const { index, 0: all, 1: path = "" } of text.matchAll(HOST_AND_PATH))
    segments(path, index + all.length - path.length, add);
  for (const { index, 0: all, 1: key = "" } of text.matchAll(KEYED_PATH))
    add(index + all.length - key.length, index + all.length);
  if (paths.has(attribute ?? "")) {
    const versioned = VERSIONED_PATH.exec(text);
    if (versioned?.[1] !== undefined) add(versioned[0].length - versioned[1].length, versioned[0].length);
    for (const { index, 1: key = "" } of text.matchAll(HEX_SEGMENT)) add(index + 1, index + 1 + key.length);
  }
  return ranges;
}

/** Whether a text is the name of a flag whose value is the text after it: `--token`, `-p`. */
export function isSecretFlag(text: string): boolean {
  return /^--?[a-z][\w.-]*$/i.test(text) && isSecretName(text.replace(/^-+/, ""), knownInQuery);
}

/** A text with its secrets overwritten by `*`, as long as before. */
export function withoutSecrets(text: string, attribute?: string): string {
  let shown = text;
  for (const [from, to] of secretRanges(text, attribute))
    shown = `${shown.slice(0, from)}${"*".repeat(to - from)}${shown.slice(to)}`;
  return shown;
}

type Add = (from: number, to: number) => void;

function assigned(text: string, isQuery: boolean, add: Add): void {
  ASSIGNED.lastIndex = 0;
  for (let found = ASSIGNED.exec(text); found !== null; found = ASSIGNED.exec(text)) {
    const [all, before = "", dashes = "", , name = "", separator = "", quote] = found;
    const from = found.index + all.length;
    const inQuery = /^(?:[?&]|%3f|%26)$/i.test(before) || (isQuery && before === "");
    // The next name may begin right after this one's separator.
    ASSIGNED.lastIndex = Math.max(found.index + 1, from - (quote?.length ?? 0) - 1);
    if (!isSecretName(name, inQuery ? knownInQuery : known)) continue;
    const to = valueEnd(text, from, quote, name);
    const isColon = separator.includes(":");
    // "Unknown token: BONK", "password: wrong"
    if (isColon && quote === undefined && dashes === "" && to - from < 8) continue;
    add(from, to);
    ASSIGNED.lastIndex = Math.max(from, to);
  }
}

function valueEnd(text: string, from: number, quote: string | undefined, name: string): number {
  if (quote !== undefined) {
    const end = text.indexOf(quote, from);
    return end < 0 ? text.length : end;
  }
  // "Authorization: Digest username=...", "Cookie: a=b; c=d"
  if (/^(?:proxy-)?authorization$|cookie$/i.test(name)) {
    const line = /[\r\n"'\\]/g;
    line.lastIndex = from;
    return line.exec(text)?.index ?? text.length;
  }
  VALUE_END.lastIndex = from;
  return VALUE_END.exec(text)?.index ?? text.length;
}

/** Parts of a path that are long enough for a key. */
function segments(path: string, at: number, add: Add): void {
  for (const { index, 0: segment } of path.matchAll(KEY_SEGMENT)) {
    if (segment.length >= 16 && /\d/.test(segment)) add(at + index, at + index + segment.length);
  }
}

import {
  headerPrefixes,
  keyForms,
  keyInPathHosts,
  pathAttributes,
  queryAttributes,
  secretAttributeNames,
  secretNames,
  secretQueryNames,
  statementAttributes,
} from "./secret-table.ts";

/** From, and to before. */
export type TextRange = readonly [from: number, to: number];

const known: ReadonlySet<string> = new Set(secretNames);
const knownInHeader: ReadonlySet<string> = new Set([
  ...secretNames,
  ...secretQueryNames,
  ...secretAttributeNames,
]);
const knownInQuery: ReadonlySet<string> = new Set([...secretNames, ...secretQueryNames]);
const knownAsAttribute: ReadonlySet<string> = new Set([...secretNames, ...secretAttributeNames]);
/** Names that are so long that they also count at the end of a word: HELIUSAPIKEY. */
const longNames = secretNames.filter((name) => name.length >= 6);
const paths: ReadonlySet<string> = new Set(pathAttributes);
const queries: ReadonlySet<string> = new Set(queryAttributes);
const statements: ReadonlySet<string> = new Set(statementAttributes);
/** Attributes whose texts are read in a way of their own: what is no secret elsewhere may be one there. */
export const attributesReadApart: ReadonlySet<string> = new Set([...paths, ...queries, ...statements]);
const MOST_REMEMBERED = 2_048;
/** Of a longer name, only its end counts. */
const LONGEST_NAME = 256;
const remembered = new Map<string, boolean>();
/** URLs come again and again. */
const LONGEST_REMEMBERED = 512;
const seen = new Map<string, readonly TextRange[]>();

/** Whether all of an attribute's value is a secret, by its name: "http.request.header.authorization", "db.password". */
export function isSecretAttribute(name: string): boolean {
  if (name.length > LONGEST_NAME) return decide(name.slice(-LONGEST_NAME));
  let is = remembered.get(name);
  if (is === undefined) {
    is = decide(name);
    if (remembered.size >= MOST_REMEMBERED) remembered.clear();
    remembered.set(name, is);
  }
  return is;
}

function decide(name: string): boolean {
  const small = name.toLowerCase();
  const prefix = headerPrefixes.find((start) => small.startsWith(start));
  if (prefix !== undefined) {
    // "x-hub-signature-256"
    return isSecretName(small.slice(prefix.length).replace(/-\d+$/, ""), knownInHeader);
  }
  return isSecretName(name, knownAsAttribute);
}

/** Whether a name is one of the table, or ends in one after a separator: "x-api-key", "HELIUS_API_KEY". */
function isSecretName(text: string, names: ReadonlySet<string> = known): boolean {
  const words = text
    .replaceAll(/([a-z\d])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .split(/[-_.]+/);
  for (let at = 0; at < words.length; at++) if (names.has(words.slice(at).join(""))) return true;
  const last = words.at(-1) ?? "";
  return longNames.some((long) => last.endsWith(long));
}

/** The names of a flag or variable, quoted or not, then what separates it from its value. */
const ASSIGNED =
  /(^|[^\w.-])(-{0,2})(["'\\]{0,3})([a-z][\w.-]{1,60}?)["'\\]{0,3}(\s{0,3}(?:=>|=)\s?|:\s{0,3}|(?<=--[\w.-]{1,60})\s{1,3})(?:\[\s{0,3}|Some\()?(\\?["'])?/gi;
/** Ends a value that is not quoted. */
const VALUE_END = /[\s&"'<>`,;#)}\]\\]|$/g;
/** Names whose value goes to the end of the line: "Authorization: Digest username=...", "Cookie: a=b; c=d", words. */
const WHOLE_LINE = /^(?:proxy-)?authorization$|cookie$|mnemonic$|phrase$/i;
/** Users and passwords: in a URL of the web, in one of a database, whose password may hold "/", and in an address. */
const USERS: readonly RegExp[] = [
  /\/\/([^\s/?#"'<>`@]{1,512}(?:@[^\s/?#"'<>`@]{1,256})*)@/g,
  /\b(?:postgres|mysql|mariadb|mongodb|redis|amqp|nats|mqtt|clickhouse)[a-z+]{0,10}:\\?\/\\?\/([^\s"'<>`@]{1,512}(?:@[^\s/"'<>`@]{1,256})*)@(?=[\w[])/g,
  /^([^\s:/?#"'<>`@]{1,256}:[^\s/?#"'<>`@]{1,256})@(?=[\w[])/g,
];
const SCHEME = /\b(?:bearer|basic|token)\s{1,3}([\w+/=.~:-]{8,})/gi;
const FORM = new RegExp(`\\b(?:${keyForms.join("|")})[\\w-]{8,}`, "g");
const JSON_WEB_TOKEN = /(?<![\w-])eyJ[\w-]{5,}\.eyJ[\w-]{5,}\.[\w-]*/g;
const TELEGRAM_TOKEN = /\d{6,12}:A[\w-]{33,36}(?![\w-])/g;
const PEM = /-----BEGIN [A-Z ]*PRIVATE KEY-----([^-]*)/g;
/** "Invalid API key: 0a1b", "cannot parse private key 5VER". */
const TOLD =
  /\b(?:api|private|secret|access|auth|signing|bot) (?:key|token)s?\b\W{0,3}(?:(?:is|was|provided|given|used)\W{1,3})?\[?([\w+/=.~-]{16,})/gi;
const SEED_PHRASE = /\b(?:seed|recovery|secret) phrase\b\W{1,3}([a-z ]{16,})/gi;
/** The 64 bytes of a key pair of Solana, as its command line keeps them. */
const KEY_PAIR = /\[\s{0,8}(?:\d{1,3}\s{0,8},\s{0,8}){63}\d{1,3}\s{0,8},?\s{0,8}\]/g;
const XML = /<(\w{3,40})>([^<>]{1,4096})</g;
/** Headers as Node's `rawHeaders` has them: names and values in turn. */
const RAW_HEADER =
  /["'](?:(?:proxy-)?authorization|(?:set-)?cookie|x-[\w-]{0,64}(?:token|key|auth|secret))\\?["'],\s{0,8}\\?["']([^"']+)/gi;
const PASSWORD = /\b(?:identified\s+by|password|passphrase)\s+(?:'([^']*)'|"([^"]*)")/gi;
const CURL_USER =
  /(?:\s-u|\s--user)[\s=]{1,3}["']?([^\s"':]+:[^\s"']+)|\bredis-cli\b[^\n]{0,256}?\s-a\s{1,3}(\S+)/g;
const HOST_AND_PATH = new RegExp(
  `(?<![\\w-])(?:${keyInPathHosts.map((host) => host.replaceAll(".", "\\.")).join("|")})\\.?(?::\\d+)?((?:\\\\?/[^\\s?#"'<>\`]*))`,
  "gi",
);
const KEY_SEGMENT = /[\w~:-]+/g;
const KEYED_PATH =
  /\/(?:access-token|api-?key|auth|token|key|webhooks\/\d{5,}|services\/T\w{4,}\/B\w{4,})\/([\w-]{8,})/gi;
const VERSIONED_PATH = /^\/v\d\/([\w-]{20,})(?=[/?#]|$)/g;
/** 32 hexadecimal digits or more, or a UUID. */
const HEX_SEGMENT = /\/([\da-f]{32,}|[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})(?=[/?#]|$)/gi;
/** A statement that names one of these may hold a password in any of its literals. */
const SECRET_STATEMENT = /passw|secret|api_?key|private_?key|identified\s/i;
const LITERAL = /'((?:[^']|'')*)'|(?<=\bby\s{1,8})"([^"]*)"/gi;
const REDIS_LOGIN =
  /(?:^\s*|[\r\n;]\s{0,8}|\bhello \d |\bmigrate [^\r\n]{0,256}? )auth2? ([^\r\n;]+)|\b(?:requirepass|masterauth) (\S+)|\bacl setuser \S+ ([^\r\n;]+)/gi;

/**
 * Where secrets stand in a text: values of known names, users and passwords of URLs, keys in the paths of known providers, and keys
 * that are known by their form. They may overlap.
 *
 * @param attribute whose value it is, if it is one
 */
export function secretRanges(text: string, attribute?: string): readonly TextRange[] {
  if (text.length > LONGEST_REMEMBERED) return findRanges(text, attribute);
  const by = attributesReadApart.has(attribute ?? "") ? `${attribute} ${text}` : text;
  let ranges = seen.get(by);
  if (ranges === undefined) {
    ranges = findRanges(text, attribute);
    if (seen.size >= MOST_REMEMBERED) seen.clear();
    seen.set(by, ranges);
  }
  return ranges;
}

function findRanges(text: string, attribute = ""): readonly TextRange[] {
  const ranges: TextRange[] = [];
  const add = (from: number, to: number): void => {
    if (to > from) ranges.push([from, to]);
  };
  addRanges(text, attribute, add);
  // What stands percent-encoded in it, even twice.
  let encoded = text;
  let places: readonly number[] | undefined;
  for (let times = 0; times < 2 && /%[\da-f]{2}/i.test(encoded); times++) {
    const decoded = percentDecoded(encoded, places);
    ({ text: encoded, places } = decoded);
    addRanges(encoded, attribute, (from, to) => {
      add(decoded.places[from] ?? text.length, decoded.places[to] ?? text.length);
    });
  }
  return ranges;
}

/** @param places where each letter of the text stands in an outer one; undefined: at its own place */
function percentDecoded(
  text: string,
  places: readonly number[] | undefined,
): { readonly text: string; readonly places: readonly number[] } {
  const inner: number[] = [];
  const placeOf = (at: number): number => places?.[at] ?? at;
  let decoded = "";
  let from = 0;
  for (const { index, 0: all, 1: code = "" } of text.matchAll(/%([\da-f]{2})/gi)) {
    for (let at = from; at <= index; at++) inner.push(placeOf(at));
    decoded += text.slice(from, index) + String.fromCharCode(Number.parseInt(code, 16));
    from = index + all.length;
  }
  for (let at = from; at <= text.length; at++) inner.push(placeOf(at));
  return { text: decoded + text.slice(from), places: inner };
}

function addRanges(text: string, attribute: string, add: Add): void {
  /** The part of each match that is the secret: its last group that matched, or all of it. */
  const addMatches = (pattern: RegExp, holds: (secret: string) => boolean = () => true): void => {
    for (const match of text.matchAll(pattern)) {
      const secret = match.slice(1).findLast((group) => group !== undefined) ?? match[0];
      const from = match.index + match[0].lastIndexOf(secret);
      if (holds(secret)) add(from, from + secret.length);
    }
  };
  assigned(text, queries.has(attribute), add);
  for (const pattern of USERS) addMatches(pattern);
  // "basic authentication" is no login.
  addMatches(SCHEME, (value) => /[\d+/=._-]/.test(value));
  for (const pattern of [
    FORM,
    JSON_WEB_TOKEN,
    TELEGRAM_TOKEN,
    KEY_PAIR,
    PEM,
    PASSWORD,
    SEED_PHRASE,
    KEYED_PATH,
  ])
    addMatches(pattern);
  addMatches(TOLD, (value) => /\d/.test(value));
  addMatches(RAW_HEADER);
  addMatches(CURL_USER);
  for (const { index, 1: name = "", 2: value = "" } of text.matchAll(XML))
    if (isSecretName(name)) add(index + name.length + 2, index + name.length + 2 + value.length);
  for (const { index, 0: all, 1: path = "" } of text.matchAll(HOST_AND_PATH))
    segments(path, index + all.length - path.length, add);
  if (paths.has(attribute)) {
    addMatches(VERSIONED_PATH);
    addMatches(HEX_SEGMENT);
  }
  if (statements.has(attribute)) {
    addMatches(REDIS_LOGIN);
    if (SECRET_STATEMENT.test(text)) addMatches(LITERAL);
  }
}

/** Whether a text is the name of a flag whose value is the text after it: `--token`, `-p`. */
export function isSecretFlag(text: string): boolean {
  return (
    text.length <= LONGEST_NAME &&
    /^--?[a-z][\w.-]*$/i.test(text) &&
    isSecretName(text.replace(/^-+/, ""), knownInQuery)
  );
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
    const inQuery = /^[?&]$/.test(before) || dashes === "--" || (isQuery && before === "");
    // The next name may begin right after this one's separator.
    ASSIGNED.lastIndex = Math.max(found.index + 1, from - (quote?.length ?? 0) - 1);
    if (!isSecretName(name, inQuery ? knownInQuery : known)) continue;
    const to = valueEnd(text, from, quote, name);
    // "Unknown token: BONK"
    const isWord = separator.includes(":") && /token$/i.test(name);
    if (isWord && quote === undefined && dashes === "" && to - from < 8) continue;
    add(from, to);
    ASSIGNED.lastIndex = Math.max(from, to);
  }
}

function valueEnd(text: string, from: number, quote: string | undefined, name: string): number {
  if (quote !== undefined) {
    let end = text.indexOf(quote, from);
    // A quote that is escaped is a part of the value.
    while (quote.length === 1 && end > from && text[end - 1] === "\\") end = text.indexOf(quote, end + 1);
    return end < 0 ? text.length : end;
  }
  if (WHOLE_LINE.test(name)) {
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
    if ((segment.length >= 16 && /\d/.test(segment)) || segment.length >= 24)
      add(at + index, at + index + segment.length);
  }
}

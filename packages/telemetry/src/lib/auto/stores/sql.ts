import { sqlWrites } from "@slipstream/conventions";

/** What a statement of SQL does, without what it says: no literal is in it. */
export interface SqlStatement {
  /** In capitals: "INSERT". Undefined if it is none that is known. */
  readonly operation: string | undefined;
  /** The first table that it names. */
  readonly collection: string | undefined;
  /** With `?` for each literal; undefined if it cannot be told what is a literal. */
  readonly text: string | undefined;
  readonly writes: boolean;
}

const LONGEST = 4_096;
const LONGEST_TEXT = 1_024;
const LONGEST_NAME = 128;
const MOST_REMEMBERED = 1_000;
const remembered = new Map<string, SqlStatement>();

const OPERATIONS = new Set(
  (
    "select insert update delete upsert merge replace with copy begin start commit rollback savepoint release create alter drop truncate set show " +
    "explain lock listen unlisten notify declare fetch close call execute prepare deallocate vacuum analyze values table do grant revoke refresh reset"
  ).split(" "),
);
const BEFORE_TABLE: ReadonlySet<string> = new Set(["into", "from", "update", "table", "copy", "truncate"]);
const NO_TABLE: ReadonlySet<string> = new Set(
  "if not exists only table set select values lateral unnest where stdin stdout".split(" "),
);

/** Each alternative is one token; the groups are literals, comments, words and quoted names. */
const TOKEN =
  /(--[^\n]*|\/\*[\s\S]*?(?:\*\/|$))|(\$([A-Za-z_]\w*)?\$[\s\S]*?(?:\$\3\$|$)|[eE]'(?:[^'\\]|''|\\[\s\S])*(?:'|$)|(?:[uU]&|[bBxXnN])?'(?:[^']|'')*(?:'|$)|(?<![\w$])(?:\d[\w.]*|\.\d\w*)(?:(?<=[eE])[+-]\d+)?)|([A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*)|"((?:[^"]|"")*)(?:"|$)|\$\d+|\s+|[\s\S]/gy;

/** Reads a statement. The same one comes again and again, so it is read once. Never throws. */
export function sqlStatement(sql: string): SqlStatement {
  const known = remembered.get(sql);
  if (known !== undefined) return known;
  const statement = read(sql);
  if (sql.length <= LONGEST) {
    if (remembered.size >= MOST_REMEMBERED) remembered.clear();
    remembered.set(sql, statement);
  }
  return statement;
}

function read(whole: string): SqlStatement {
  const sql = whole.slice(0, LONGEST);
  const words: Word[] = [];
  let text = "";
  let depth = 0;
  let unclear = false;
  for (const [token, comment, literal, , word, name] of sql.matchAll(TOKEN)) {
    if (comment !== undefined) {
      // A comment in a comment: PostgreSQL ends it later than this does.
      if (comment.indexOf("/*", 2) > 0) unclear = true;
      text += " ";
    } else if (literal !== undefined) {
      // Whether the backslash escapes the quote depends on a setting of the server.
      if (/^(?:[uU]&|[bBxXnN])?'/.test(literal) && literal.includes("\\")) unclear = true;
      text += "?";
    } else {
      if (token === "(") depth += 1;
      else if (token === ")") depth -= 1;
      if (word !== undefined) words.push({ text: word, small: word.toLowerCase(), depth });
      else if (name !== undefined) words.push({ text: name, small: "", depth });
      else if (token === ";") words.push({ text: token, small: token, depth });
      else if (token === ".") words.push({ text: token, small: token, depth });
      text += /^\s/.test(token) ? " " : token;
    }
  }
  const { verb, at } = verbOf(words);
  const collection = unclear ? undefined : tableAfter(words, at);
  const copies = verb === "copy" && words.some(({ small }) => small === "from");
  return {
    operation: verb?.toUpperCase(),
    collection,
    text: unclear ? undefined : text.replaceAll(/ {2,}/g, " ").trim().slice(0, LONGEST_TEXT),
    writes: verb !== undefined && (sqlWrites.has(verb) || copies),
  };
}

interface Word {
  readonly text: string;
  /** In small letters; empty for a quoted name. */
  readonly small: string;
  readonly depth: number;
}

interface Verb {
  readonly verb: string | undefined;
  readonly at: number;
}

/** The first statement that writes, else the first one. A WITH is the statement that it belongs to. */
function verbOf(words: readonly Word[]): Verb {
  const starts = words.flatMap(({ small }, index) => (small === ";" ? [index + 1] : []));
  const verbs = [0, ...starts].flatMap((start) => verbAt(words, start));
  return (
    verbs.find(({ verb }) => verb !== undefined && sqlWrites.has(verb)) ??
    verbs[0] ?? { verb: undefined, at: 0 }
  );
}

function verbAt(words: readonly Word[], start: number): readonly Verb[] {
  const first = words[start];
  if (first === undefined || !OPERATIONS.has(first.small)) return [];
  if (first.small !== "with") return [{ verb: first.small, at: start }];
  const own = words.findIndex(
    ({ small, depth }, index) =>
      index > start && depth === first.depth && (sqlWrites.has(small) || small === "select"),
  );
  return own < 0 ? [{ verb: "with", at: start }] : [{ verb: words[own]?.small, at: own }];
}

function tableAfter(words: readonly Word[], at: number): string | undefined {
  for (let index = at; index < words.length && words[index]?.small !== ";"; index++) {
    if (!BEFORE_TABLE.has(words[index]?.small ?? "")) continue;
    let next = index + 1;
    while (NO_TABLE.has(words[next]?.small ?? "")) next += 1;
    const parts: string[] = [];
    while (words[next] !== undefined && words[next]?.small !== ";") {
      parts.push(words[next]?.text ?? "");
      if (words[next + 1]?.small !== ".") break;
      next += 2;
    }
    if (parts.length > 0) return parts.join(".").slice(0, LONGEST_NAME);
  }
  return undefined;
}

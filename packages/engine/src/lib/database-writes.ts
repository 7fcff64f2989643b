import { redisWrites, semconv, sqlWrites } from "@slipstream/conventions";
import type { Attributes } from "@slipstream/otlp/decode";
import { text } from "./attributes.ts";

const DOCUMENT_WRITES = words(
  "insertone insertmany updateone updatemany deleteone deletemany replaceone bulkwrite " +
    "findandmodify findoneandupdate findoneandreplace findoneanddelete putitem updateitem deleteitem batchwriteitem",
);
// InfluxDB line protocol, as QuestDB takes it, has one operation.
const LINE_PROTOCOL_WRITES = words("ilp write");
const REDIS_SYSTEMS = words("redis valkey keydb dragonfly memcached");
/**
 * Whether a database client span writes, by its operation's name, else by the first word of its summary or query.
 * What cannot be told is taken for a read.
 */
export function isDatabaseWrite(attributes: Attributes, system: string): boolean {
  const redis = REDIS_SYSTEMS.has(system.toLowerCase());
  const operation = text(attributes[semconv.dbOperation]) ?? text(attributes[semconv.dbOperationOld]);
  if (operation !== undefined) return writes(operation, redis);
  const summary = text(attributes[semconv.dbQuerySummary]);
  if (summary !== undefined) return writes(summary, redis);
  const query = text(attributes[semconv.dbQuery]) ?? text(attributes[semconv.dbQueryOld]);
  return query !== undefined && writes(query, redis);
}

function writes(statement: string, redis: boolean): boolean {
  // Semantic conventions: "BATCH INSERT" is several of them.
  const rest = statement.slice(0, 4_096).replace(/^(?:\s|--[^\n]*\n|\/\*[\s\S]*?\*\/)+/, "");
  const word = firstWord(rest);
  if (word === "batch") return writes(rest.slice("batch".length), redis);
  if (redis) return redisWrites.has(word);
  if (word === "with") return sqlWrites.has(verbAfterWith(rest));
  // COPY ... FROM loads a table, COPY ... TO reads one; an operation that is only "COPY" does not say.
  if (word === "copy") return /^copy\s+[^(\s]+\s*(?:\([^)]*\)\s*)?from\b/i.test(rest);
  return sqlWrites.has(word) || DOCUMENT_WRITES.has(word) || LINE_PROTOCOL_WRITES.has(word);
}

/** The verb that the common table expressions of a WITH belong to: the first one outside of parentheses. */
function verbAfterWith(query: string): string {
  let depth = 0;
  for (const [token] of query.matchAll(/[()]|'(?:[^']|'')*'|[A-Za-z_]+/g)) {
    if (token === "(") depth += 1;
    else if (token === ")") depth -= 1;
    else if (depth === 0 && (sqlWrites.has(token.toLowerCase()) || /^select$/i.test(token)))
      return token.toLowerCase();
  }
  return "";
}

function firstWord(statement: string): string {
  return (/^[A-Za-z._]+/.exec(statement)?.[0] ?? "").toLowerCase();
}

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(" "));
}

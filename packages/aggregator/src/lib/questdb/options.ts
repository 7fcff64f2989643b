import type { Config } from "@slipstream/config";
import type { Lease } from "../writer/writer.ts";

/** The QuestDB that the history is written to. */
export const questDbOptions = {
  title: "QuestDB",
  options: {
    questdb: {
      type: "text",
      // QuestDB's client checks the rest when it is used.
      pattern: /^https?::(.*;)?addr=[^;]+/ as RegExp,
      allowed: "a configuration string such as http::addr=127.0.0.1:9000;username=NAME;password=SECRET;",
      secret: /(?<=[:;]\w*(?:password|token)\w*=)(?:[^;]|;;)*/gi as RegExp,
      unset: "none; the embedded store has the history",
      env: "QDB_CLIENT_CONF",
      flag: "--questdb <conf>",
      help: "QuestDB that the history is written to, as a configuration string of its clients",
    },
    questdbPg: {
      type: "url",
      protocols: ["postgres:", "postgresql:"],
      example: "postgres://admin:quest@127.0.0.1:8812/qdb",
      secret: true,
      unset: "port 8812 of the same host, with the same login",
      env: "SLIPSTREAM_QUESTDB_PG",
      flag: "--questdb-pg <url>",
      help: "QuestDB's PostgreSQL port, for making and reading its tables",
    },
    questdbTablePrefix: {
      type: "text",
      pattern: /^[a-z][a-z0-9_]{0,63}$/ as RegExp,
      allowed: "lower-case letters, digits and underscores, beginning with a letter, such as slipstream_",
      unset: "none; docs/history.md lists the tables",
      env: "SLIPSTREAM_QUESTDB_TABLE_PREFIX",
      flag: "--questdb-table-prefix <prefix>",
      help: "prefix of every table in QuestDB, for a QuestDB that has tables of these names or that another desk writes to as well",
    },
    questdbTtlDays: {
      type: "number",
      whole: true,
      min: 1,
      max: 36_500,
      unit: "days",
      unset: "what the tables say; new tables keep everything",
      env: "SLIPSTREAM_QUESTDB_TTL_DAYS",
      help: "age at which QuestDB drops history, counted from the newest row",
    },
  },
} as const;

/** Where QuestDB is, and how long it keeps its tables' rows. */
export interface QuestDbOptions {
  /** `questdb`. It may hold secrets, so it is never logged. */
  readonly conf: string;
  /** `questdbPg`. */
  readonly pgUrl?: string | undefined;
  /** `questdbTablePrefix`. */
  readonly tablePrefix?: string | undefined;
  /** `questdbTtlDays`. */
  readonly ttlDays?: number | undefined;
}

/** QuestDB as it is configured; undefined if it is not. */
export function questDbTarget(config: Config<typeof questDbOptions>): QuestDbOptions | undefined {
  const { questdb, questdbPg, questdbTablePrefix, questdbTtlDays } = config;
  if (questdb === undefined) return undefined;
  return { conf: questdb, pgUrl: questdbPg, tablePrefix: questdbTablePrefix, ttlDays: questdbTtlDays };
}

/** What is found of a QuestDB that answers. */
export interface QuestDbFinding {
  readonly address: string;
  /** Tables of the history that are there. */
  readonly tables: readonly string[];
  /** Of these, the ones that QuestDB has stopped writing what it takes into. */
  readonly suspended: readonly string[];
  /** Who has the lease on them; undefined if nobody has. */
  readonly writer: Lease | undefined;
}

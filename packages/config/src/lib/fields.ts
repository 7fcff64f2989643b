import { historyTableNames } from "@slipstream/conventions";
import { z } from "zod";
import type { LogLevel, SlipstreamConfig } from "./config.ts";

/** One row of the table that validation, environment variables and messages are made from. */
export interface Field<T> {
  readonly schema: z.ZodType<T>;
  /** What is allowed, as the end of "allowed: ...". */
  readonly allowed: string;
  /** Environment variable that sets it. */
  readonly env?: string;
  /** How the text of a flag or variable becomes a value; text itself where left out. */
  readonly fromText?: (text: string) => unknown;
  /** The value is never shown. */
  readonly secret?: boolean;
}

/** Text that is no number stays text, so that a message shows what was written; `Number("")` would be 0. */
const number = (text: string): unknown => {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  return Number.isNaN(value) ? text : value;
};
const list = (text: string): unknown =>
  text
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");

const hosts = z.array(z.string().regex(/^(\*\.)?[^\s/:*]+(:\d{1,5})?$/));
const hostsAllowed = "a list of host, host:port or *.domain";
const names: z.ZodType<readonly string[]> = z.array(z.string().min(1));
const levels: readonly LogLevel[] = ["trace", "debug", "info", "warn", "error", "fatal", "silent"];

function url(protocols: readonly string[]): z.ZodType<string> {
  return z.string().refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol));
}

function seconds(most: number): z.ZodType<number> {
  return z.int().min(5).max(most).multipleOf(5);
}

const days = z.int().min(1).max(36_500);
const daysAllowed = "a whole number of days from 1 to 36500";

/** Every key of the configuration. */
export const fields: {
  readonly [Key in keyof Required<SlipstreamConfig>]: Field<Required<SlipstreamConfig>[Key]>;
} = {
  host: {
    schema: z.string().regex(/^[^\s/]+$/),
    allowed: "a host name or an IP address",
    env: "SLIPSTREAM_HOST",
  },
  port: {
    schema: z.int().min(0).max(65_535),
    allowed: "a whole number from 0 to 65535 (0 takes any free port)",
    env: "SLIPSTREAM_PORT",
    fromText: number,
  },
  dataDir: { schema: z.string().min(1), allowed: "the path of a folder", env: "SLIPSTREAM_DATA_DIR" },
  token: {
    schema: z.string().regex(/^[\x21-\x7e]+$/),
    allowed: "printable characters without spaces",
    env: "SLIPSTREAM_TOKEN",
    secret: true,
  },
  allowedHosts: {
    schema: z.array(z.string().regex(/^[a-z0-9._-]+$|^[0-9a-f:.]+$/i)),
    allowed: "a list of host names and IP addresses, without a port",
    env: "SLIPSTREAM_ALLOWED_HOSTS",
    fromText: list,
  },
  redis: {
    schema: url(["redis:", "rediss:"]),
    allowed: "a URL such as redis://127.0.0.1:6379",
    env: "REDIS_URL",
    secret: true,
  },
  rpcUrl: {
    schema: url(["http:", "https:"]),
    allowed: "a URL such as https://node.example/",
    env: "SLIPSTREAM_RPC_URL",
    secret: true,
  },
  blocksDir: { schema: z.string().min(1), allowed: "the path of a folder", env: "SLIPSTREAM_BLOCKS_DIR" },
  blocksPerSecond: {
    schema: z.number().positive().max(1_000),
    allowed: "a number above 0, 1000 at most",
    env: "SLIPSTREAM_BLOCKS_PER_SECOND",
    fromText: number,
  },
  logKeepHours: {
    schema: z.number().positive(),
    allowed: "a number of hours above 0",
    env: "SLIPSTREAM_LOG_KEEP_HOURS",
    fromText: number,
  },
  logMaxBytes: {
    schema: z.int().min(1024 ** 2),
    allowed: "a whole number of bytes from 1048576",
    env: "SLIPSTREAM_LOG_MAX_BYTES",
    fromText: number,
  },
  logSegmentBytes: {
    schema: z
      .int()
      .min(64 * 1024)
      .max(64 * 1024 ** 3),
    allowed: "a whole number of bytes from 65536 to 68719476736",
    env: "SLIPSTREAM_LOG_SEGMENT_BYTES",
    fromText: number,
  },
  checkpointItems: {
    schema: z.int().min(1),
    allowed: "a whole number from 1",
    env: "SLIPSTREAM_CHECKPOINT_ITEMS",
    fromText: number,
  },
  questdb: {
    // The client looks at all of it when it is used.
    schema: z.string().regex(/^https?::(.*;)?addr=[^;]+/),
    allowed: "a configuration string such as http::addr=127.0.0.1:9000;username=NAME;password=SECRET;",
    env: "QDB_CLIENT_CONF",
    secret: true,
  },
  questdbPg: {
    schema: url(["postgres:", "postgresql:"]),
    allowed: "a URL such as postgres://admin:quest@127.0.0.1:8812/qdb",
    env: "SLIPSTREAM_QUESTDB_PG",
    secret: true,
  },
  questdbTtlDays: {
    schema: days,
    allowed: daysAllowed,
    env: "SLIPSTREAM_QUESTDB_TTL_DAYS",
    fromText: number,
  },
  historyDays: {
    schema: z.union([days, z.partialRecord(z.enum(historyTableNames), days)]),
    allowed: `${daysAllowed}, or { trades: 30, ... } for some of ${historyTableNames.join(", ")}`,
    env: "SLIPSTREAM_HISTORY_DAYS",
    fromText: number,
  },
  historyMaxRows: {
    schema: z.int().min(1_000),
    allowed: "a whole number from 1000",
    env: "SLIPSTREAM_HISTORY_MAX_ROWS",
    fromText: number,
  },
  maxBodyBytes: {
    schema: z
      .int()
      .min(1024)
      .max(1024 ** 3),
    allowed: "a whole number of bytes from 1024 to 1073741824",
    env: "SLIPSTREAM_MAX_BODY_BYTES",
    fromText: number,
  },
  logLevel: { schema: z.enum(levels), allowed: levels.join(", "), env: "SLIPSTREAM_LOG_LEVEL" },
  endpoint: {
    schema: url(["http:", "https:"]),
    allowed: "a URL such as http://127.0.0.1:9480",
    env: "SLIPSTREAM_ENDPOINT",
  },
  capitalUsd: {
    schema: z.number().positive(),
    allowed: "a number above 0 (USD)",
    env: "SLIPSTREAM_CAPITAL_USD",
    fromText: number,
  },
  slippageToleranceBps: {
    schema: z.number().min(0).max(10_000),
    allowed: "a number from 0 to 10000 (basis points)",
    env: "SLIPSTREAM_SLIPPAGE_TOLERANCE_BPS",
    fromText: number,
  },
  rateWindowSeconds: {
    schema: seconds(3_600),
    allowed: "a multiple of 5 from 5 to 3600",
    env: "SLIPSTREAM_RATE_WINDOW_SECONDS",
    fromText: number,
  },
  percentileWindowSeconds: {
    schema: seconds(3_600),
    allowed: "a multiple of 5 from 5 to 3600",
    env: "SLIPSTREAM_PERCENTILE_WINDOW_SECONDS",
    fromText: number,
  },
  mevWindowSeconds: {
    schema: seconds(2_592_000),
    allowed: "a multiple of 5 from 5 to 2592000 (30 days)",
    env: "SLIPSTREAM_MEV_WINDOW_SECONDS",
    fromText: number,
  },
  allowedLatenessMs: {
    schema: z.number().min(0).max(60_000),
    allowed: "a number from 0 to 60000",
    env: "SLIPSTREAM_ALLOWED_LATENESS_MS",
    fromText: number,
  },
  amendmentSeconds: {
    schema: z.number().min(0).max(3_600),
    allowed: "a number from 0 to 3600",
    env: "SLIPSTREAM_AMENDMENT_SECONDS",
    fromText: number,
  },
  nodeMethods: {
    schema: z.strictObject({ include: names.optional(), exclude: names.optional() }) as z.ZodType<
      Required<SlipstreamConfig>["nodeMethods"]
    >,
    allowed: '{ include: ["getAccountInfo", ...], exclude: ["getProgramAccounts", ...] }, each optional',
  },
  jupiterHosts: { schema: hosts, allowed: hostsAllowed, env: "SLIPSTREAM_JUPITER_HOSTS", fromText: list },
  rpcHosts: { schema: hosts, allowed: hostsAllowed, env: "SLIPSTREAM_RPC_HOSTS", fromText: list },
};

export type ConfigKey = keyof typeof fields;
export const configKeys: readonly ConfigKey[] = Object.keys(fields) as ConfigKey[];

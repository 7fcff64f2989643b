import { type ConfigKey, type LoadedConfig, resolveConfig } from "@slipstream/config";
import { type Command, Option } from "commander";

interface ConfigOption {
  readonly key: ConfigKey;
  readonly flags: string;
  readonly help: string;
}

export type ConfigOptionName =
  | "host"
  | "port"
  | "data"
  | "token"
  | "redis"
  | "questdb"
  | "questdbPg"
  | "rpc"
  | "blocks"
  | "endpoint";

/** Flags that set a key of the configuration. Their values are checked with the rest of it, not by commander. */
const options: Readonly<Record<ConfigOptionName, ConfigOption>> = {
  host: {
    key: "host",
    flags: "--host <host>",
    help: "where to listen (default: 127.0.0.1; any other needs --token; env: SLIPSTREAM_HOST)",
  },
  port: {
    key: "port",
    flags: "--port <number>",
    help: "port to listen on (default: 9480; 0: any free one; env: SLIPSTREAM_PORT)",
  },
  data: {
    key: "dataDir",
    flags: "--data <folder>",
    help: "folder of the log and the stores (default: .slipstream; env: SLIPSTREAM_DATA_DIR)",
  },
  token: {
    key: "token",
    flags: "--token <token>",
    help: "bearer token that senders and readers must give (env: SLIPSTREAM_TOKEN)",
  },
  redis: {
    key: "redis",
    flags: "--redis <url>",
    help: "Redis that the dashboards are written to (env: REDIS_URL)",
  },
  questdb: {
    key: "questdb",
    flags: "--questdb <conf>",
    help: "QuestDB that the history is written to, as its clients take it (env: QDB_CLIENT_CONF)",
  },
  questdbPg: {
    key: "questdbPg",
    flags: "--questdb-pg <url>",
    help: "its PostgreSQL wire (default: port 8812 of that host; env: SLIPSTREAM_QUESTDB_PG)",
  },
  rpc: {
    key: "rpcUrl",
    flags: "--rpc <url>",
    help: "Solana node that is asked for the blocks around the trades, for MEV verdicts (env: SLIPSTREAM_RPC_URL)",
  },
  blocks: {
    key: "blocksDir",
    flags: "--blocks <folder>",
    help: "recorded blocks, SLOT.json, instead of a node (env: SLIPSTREAM_BLOCKS_DIR)",
  },
  endpoint: {
    key: "endpoint",
    flags: "--endpoint <url>",
    help: "address of a running aggregator (env: SLIPSTREAM_ENDPOINT)",
  },
};

/** Adds the named flags and `--config`. */
export function addConfigOptions(command: Command, ...names: ConfigOptionName[]): Command {
  for (const name of names) command.addOption(new Option(options[name].flags, options[name].help));
  return command.addOption(
    new Option(
      "--config <file>",
      "configuration file (default: slipstream.config.ts; env: SLIPSTREAM_CONFIG)",
    ),
  );
}

/** The configuration as a command was called. @throws ConfigError */
export function commandConfig(given: Readonly<Record<string, unknown>>): Promise<LoadedConfig> {
  const flags: Partial<Record<ConfigKey, { text: string | undefined; flag: string }>> = {};
  for (const [name, { key, flags: spelt }] of Object.entries(options)) {
    const text = given[name];
    const [flag = name] = spelt.split(" ");
    if (typeof text === "string") flags[key] = { text, flag };
  }
  const file = typeof given.config === "string" ? given.config : undefined;
  return resolveConfig({ flags, environment: process.env, folder: process.cwd(), file });
}

import type { HistoryTableName } from "@slipstream/conventions";

/**
 * What a desk may set in `slipstream.config.ts`. All optional. Flags win over environment variables, those over the
 * file, the file over the defaults.
 */
export interface SlipstreamConfig {
  /** Where the aggregator listens. Default 127.0.0.1; any other needs a `token`. */
  readonly host?: string;
  /** Default 9480; 0 takes any free port. */
  readonly port?: number;
  /** Folder of the log and the embedded stores. Default `.slipstream`. */
  readonly dataDir?: string;
  /** Bearer token that senders and readers must give. */
  readonly token?: string;
  /**
   * Host names, beside `localhost` and the address, that requests may be for: what a proxy in front of the aggregator is called.
   * On loopback requests for any other are refused; elsewhere only if there are names here.
   */
  readonly allowedHosts?: readonly string[];
  /** `redis://` or `rediss://` URL of the dashboards' Redis. Without it the embedded store alone holds them. */
  readonly redis?: string;
  /** URL of a Solana node that answers `getBlock`: verdicts need the blocks around the trades. May hold a key. */
  readonly rpcUrl?: string;
  /** Folder of recorded blocks (`SLOT.json`, answers of `getBlock`), instead of a node. */
  readonly blocksDir?: string;
  /** Blocks that the node is asked for in a second, at most. Default 8. */
  readonly blocksPerSecond?: number;
  /** How long the log keeps what was received, hours. Default 168: 7 days. */
  readonly logKeepHours?: number;
  /** Most bytes that the log takes; past it the oldest goes first. Default 16 GiB. */
  readonly logMaxBytes?: number;
  /** Size at which the log begins a new file, bytes. Default 128 MiB. */
  readonly logSegmentBytes?: number;
  /** Spans, points and requests after which a checkpoint is due. Default 300,000: what a restart reads in about a second. */
  readonly checkpointItems?: number;
  /**
   * Configuration string of QuestDB, `http::addr=127.0.0.1:9000;`, as its clients take it: the history is written there too.
   * Without it the embedded store alone holds it.
   */
  readonly questdb?: string;
  /** `postgres://` URL of QuestDB's PostgreSQL wire. Default: the same host, port 8812. */
  readonly questdbPg?: string;
  /** Days after which QuestDB drops history, counted from the newest row. Default: what its tables say; new ones keep all. */
  readonly questdbTtlDays?: number;
  /** Days that the embedded history is kept, of all tables or by table. Default 90 for trades, 365 and more for the others. */
  readonly historyDays?: number | { readonly [Table in HistoryTableName]?: number };
  /** Rows of the embedded history, at most; past them those written first go. Default 10 million. */
  readonly historyMaxRows?: number;
  /** Largest request body after decompression, bytes. Default 4 MiB. */
  readonly maxBodyBytes?: number;
  /** Least severe message that is logged. Default info. */
  readonly logLevel?: LogLevel;
  /** Address of a running aggregator, for the commands that talk to one. */
  readonly endpoint?: string;
  /** What `total_pnl` is a share of, USD. Without it, that value is unknown. */
  readonly capitalUsd?: number;
  /** A trade whose output is off its quote by no more than this counts as accurate. Default 50. */
  readonly slippageToleranceBps?: number;
  /** Window of rates, seconds. Default 60. */
  readonly rateWindowSeconds?: number;
  /** Window of percentiles, seconds. Default 300. */
  readonly percentileWindowSeconds?: number;
  /** Window of MEV rates, seconds. Default 86,400. */
  readonly mevWindowSeconds?: number;
  /** How far events may be out of order before an instant must be amended, ms. Default 2,000. */
  readonly allowedLatenessMs?: number;
  /** How far back an instant may still be amended, seconds. Default 300. */
  readonly amendmentSeconds?: number;
  /** RPC methods that node latency is made of. Default all; `exclude` wins. */
  readonly nodeMethods?: { readonly include?: readonly string[]; readonly exclude?: readonly string[] };
  /** Hosts of the Jupiter API beside the built-in ones: `host`, `host:port` or `*.domain`. */
  readonly jupiterHosts?: readonly string[];
  /** Hosts of Solana RPC nodes, for HTTP spans that do not say what they carry. */
  readonly rpcHosts?: readonly string[];
}

export type LogLevel = "trace" | "debug" | "info" | "warn" | "error" | "fatal" | "silent";

/** The configuration with its defaults filled in. */
export type ResolvedConfig = SlipstreamConfig &
  Required<Pick<SlipstreamConfig, "host" | "port" | "dataDir" | "logLevel">>;

/** Types a configuration file: `export default defineConfig({ capitalUsd: 50_000 })`. Returns what it is given. */
export function defineConfig(config: SlipstreamConfig): SlipstreamConfig {
  return config;
}

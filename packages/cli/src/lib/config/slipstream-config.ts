// Generated from the options.ts of each component by `npm run docs`. Edit those, not this file.
import type { Config } from "@slipstream/config";
import type { components } from "./components.ts";

type Keys = Config<(typeof components)[number]>;

/** What `slipstream.config.ts` may set: every key is optional. */
export interface SlipstreamConfig extends Keys {
  /**
   * Address to listen on; any but loopback needs a token. Allowed: a host name or an IP address, without a
   * port. Default: 127.0.0.1. Variable: SLIPSTREAM_HOST.
   */
  readonly host?: Keys["host"];
  /**
   * Port to listen on. Allowed: a whole number from 0 to 65535 (0 takes any free port). Default: 9480.
   * Variable: SLIPSTREAM_PORT.
   */
  readonly port?: Keys["port"];
  /**
   * Most connections that are open at a time. At the limit, the connection that has waited longest for its
   * client is closed for a new one. It is lower if the process may not open so many files (`ulimit -n`): 288
   * of them are kept for the log, stores, health and metrics. Allowed: a whole number from 64 to 65536.
   * Default: 2048. Variable: SLIPSTREAM_MAX_CONNECTIONS.
   */
  readonly maxConnections?: Keys["maxConnections"];
  /**
   * Names that requests may use for this host, such as the name of a proxy in front of it. Loopback's names
   * and the address itself are always allowed. On loopback, requests for any other host are refused, so that
   * no web page can pose as the aggregator; elsewhere they are refused only if this option names hosts.
   * Allowed: a list of host names and IP addresses, without ports. Default: none. Variable:
   * SLIPSTREAM_ALLOWED_HOSTS.
   */
  readonly allowedHosts?: Keys["allowedHosts"];
  /**
   * Bearer token that senders and readers must present. Services that send with `@slipstream/telemetry` read
   * the same variable. Allowed: printable ASCII characters without spaces. Default: none. Variable:
   * SLIPSTREAM_TOKEN.
   */
  readonly token?: Keys["token"];
  /**
   * Folder of the log, the state and the embedded stores. Allowed: the path of a folder. Default:
   * .slipstream. Variable: SLIPSTREAM_DATA_DIR.
   */
  readonly dataDir?: Keys["dataDir"];
  /**
   * How long the log keeps what was received. Allowed: a number of hours above 0. Default: 168. Variable:
   * SLIPSTREAM_LOG_KEEP_HOURS.
   */
  readonly logKeepHours?: Keys["logKeepHours"];
  /**
   * Largest size of the log; beyond it the oldest part is deleted first. Allowed: a whole number of bytes
   * from 1048576 (1 MiB). Default: 17179869184 (16 GiB). Variable: SLIPSTREAM_LOG_MAX_BYTES.
   */
  readonly logMaxBytes?: Keys["logMaxBytes"];
  /**
   * Size at which the log begins a new file. Allowed: a whole number of bytes from 65536 (64 KiB) to
   * 68719476736 (64 GiB). Default: 134217728 (128 MiB). Variable: SLIPSTREAM_LOG_SEGMENT_BYTES.
   */
  readonly logSegmentBytes?: Keys["logSegmentBytes"];
  /**
   * Name of this desk: data with it as slipstream.desk, or without any, is this desk's. Other aggregators
   * that want to write to the same Redis or QuestDB show it. PerformanceMonitor sends it as slipstream.desk.
   * Allowed: up to 100 printable ASCII characters. Default: none. Variable: SLIPSTREAM_DESK.
   */
  readonly desk?: Keys["desk"];
  /**
   * Most desks beside the aggregator's own that have statistics; data of more is taken, counted and left out.
   * Data of another desk has its name as `slipstream.desk`. Each desk has statistics of its own and needs
   * about as much memory as the aggregator's own. Allowed: a whole number from 0 to 100. Default: 8.
   * Variable: SLIPSTREAM_MAX_DESKS.
   */
  readonly maxDesks?: Keys["maxDesks"];
  /**
   * Redis that the dashboards are written to. Allowed: a URL such as redis://127.0.0.1:6379 (the number of a
   * database may follow: /1; for Sentinel redis+sentinel://HOST:26379,HOST:26379/NAME, for a Cluster
   * redis+cluster://HOST:6379,HOST:6379). Default: none; the embedded store has the dashboards. Variable:
   * REDIS_URL.
   */
  readonly redis?: Keys["redis"];
  /**
   * Prefix of every key in Redis, for a Redis that another desk writes to as well. Allowed: up to 100
   * printable ASCII characters without spaces, such as desk-a:. Default: none; docs/attributes.md lists the
   * keys. Variable: SLIPSTREAM_REDIS_PREFIX.
   */
  readonly redisPrefix?: Keys["redisPrefix"];
  /**
   * QuestDB that the history is written to, as a configuration string of its clients. Allowed: a
   * configuration string such as http::addr=127.0.0.1:9000;username=NAME;password=SECRET;. Default: none; the
   * embedded store has the history. Variable: QDB_CLIENT_CONF.
   */
  readonly questdb?: Keys["questdb"];
  /**
   * QuestDB's PostgreSQL port, for making and reading its tables. Allowed: a URL such as
   * postgres://admin:quest@127.0.0.1:8812/qdb. Default: port 8812 of the same host, with the same login.
   * Variable: SLIPSTREAM_QUESTDB_PG.
   */
  readonly questdbPg?: Keys["questdbPg"];
  /**
   * Prefix of every table in QuestDB, for a QuestDB that has tables of these names or that another desk
   * writes to as well. Allowed: lower-case letters, digits and underscores, beginning with a letter, such as
   * slipstream_. Default: none; docs/history.md lists the tables. Variable: SLIPSTREAM_QUESTDB_TABLE_PREFIX.
   */
  readonly questdbTablePrefix?: Keys["questdbTablePrefix"];
  /**
   * Age at which QuestDB drops history, counted from the newest row. Allowed: a whole number of days from 1
   * to 36500. Default: what the tables say; new tables keep everything. Variable:
   * SLIPSTREAM_QUESTDB_TTL_DAYS.
   */
  readonly questdbTtlDays?: Keys["questdbTtlDays"];
  /**
   * Solana node to read the blocks around the desk's trades from, for MEV verdicts. The node must answer
   * `getBlock`. The URL may hold a key, or a name and password, which are sent as HTTP Basic. They appear in
   * no log and in no message. Allowed: a URL such as https://node.example/. Default: none; without blocks
   * there are no verdicts. Variable: SLIPSTREAM_RPC_URL.
   */
  readonly rpcUrl?: Keys["rpcUrl"];
  /**
   * Folder of recorded blocks to read instead of a node. Answers of `getBlock`, one in each file, named
   * `SLOT.json`. Allowed: the path of a folder. Default: none. Variable: SLIPSTREAM_BLOCKS_DIR.
   */
  readonly blocksDir?: Keys["blocksDir"];
  /**
   * Most blocks that the node is asked for in a second. Solana makes two or three blocks a second. Allowed: a
   * number above 0, 1000 at most. Default: 8. Variable: SLIPSTREAM_BLOCKS_PER_SECOND.
   */
  readonly blocksPerSecond?: Keys["blocksPerSecond"];
  /**
   * OTLP/HTTP endpoint that final verdicts are sent to as spans of their trades' traces, usually the
   * Collector's. The base URL; `/v1/traces` is added to its path unless it ends so. Spans of the trading
   * services must reach the same trace store. Allowed: a URL such as http://127.0.0.1:4318. Default: none;
   * verdicts are in no trace. Variable: SLIPSTREAM_TRACES_ENDPOINT.
   */
  readonly tracesEndpoint?: Keys["tracesEndpoint"];
  /**
   * Headers for that endpoint, such as authorization=Bearer%20TOKEN. The same form as that of
   * `OTEL_EXPORTER_OTLP_HEADERS`. Allowed: NAME=VALUE pairs, separated by commas; values may be
   * percent-encoded. Default: none. Variable: SLIPSTREAM_TRACES_HEADERS.
   */
  readonly tracesHeaders?: Keys["tracesHeaders"];
  /**
   * Where notifications of alerts are sent to. docs/alerts.md lists the types and their settings. Allowed: an
   * object of channels by name: { ops: { type: "slack", urlEnv: "SLACK_URL" } }. Default: none; alerts go to
   * the console.
   */
  readonly channels?: Keys["channels"];
  /**
   * Largest OTLP request body, after decompression. Allowed: a whole number of bytes from 1024 (1 KiB) to
   * 1073741824 (1 GiB). Default: 20971520 (20 MiB). Variable: SLIPSTREAM_MAX_BODY_BYTES.
   */
  readonly maxBodyBytes?: Keys["maxBodyBytes"];
  /**
   * Spans, metric points and requests after which a checkpoint is due. After a crash, what came since the
   * last checkpoint is read from the log again. With the default that takes about a second. Allowed: a whole
   * number from 1. Default: 300000. Variable: SLIPSTREAM_CHECKPOINT_ITEMS.
   */
  readonly checkpointItems?: Keys["checkpointItems"];
  /**
   * How long the embedded history is kept, in all tables or by table. Allowed: a whole number of days from 1
   * to 36500, or { trades: 30, ... } for some of trades, latency_percentiles, trades_by_label,
   * calls_by_service, mev_verdicts, alerts, benchmarks, canaries. Default:
   * {"trades":90,"latency_percentiles":365,"trades_by_label":365,"calls_by_service":365,"mev_verdicts":365,"alerts":365,"benchmarks":1095,"canaries":30}.
   * Variable: SLIPSTREAM_HISTORY_DAYS.
   */
  readonly historyDays?: Keys["historyDays"];
  /**
   * Most rows in the embedded history; beyond that those written first are deleted. 10 million trades take
   * about 4 GB. Trades are deleted some seconds of them at a time, so there may be a few more. Allowed: a
   * whole number from 1000. Default: 10000000. Variable: SLIPSTREAM_HISTORY_MAX_ROWS.
   */
  readonly historyMaxRows?: Keys["historyMaxRows"];
  /**
   * What the desk trades with; total_pnl is a percentage of it. Allowed: a number of US dollars above 0.
   * Default: none; total_pnl is unknown. Variable: SLIPSTREAM_CAPITAL_USD.
   */
  readonly capitalUsd?: Keys["capitalUsd"];
  /**
   * How far a trade's output may be off its quote to count as accurate. Allowed: a number of basis points
   * from 0 to 10000. Default: 50. Variable: SLIPSTREAM_SLIPPAGE_TOLERANCE_BPS.
   */
  readonly slippageToleranceBps?: Keys["slippageToleranceBps"];
  /**
   * Window of rates and shares. Allowed: a multiple of 5 from 5 to 3600 (seconds). Default: 60. Variable:
   * SLIPSTREAM_RATE_WINDOW_SECONDS.
   */
  readonly rateWindowSeconds?: Keys["rateWindowSeconds"];
  /**
   * Window of percentiles. Allowed: a multiple of 5 from 5 to 3600 (seconds). Default: 300. Variable:
   * SLIPSTREAM_PERCENTILE_WINDOW_SECONDS.
   */
  readonly percentileWindowSeconds?: Keys["percentileWindowSeconds"];
  /**
   * Window of MEV rates and losses. Allowed: a multiple of 5 from 5 to 2592000 (seconds; 2592000 are 30
   * days). Default: 86400. Variable: SLIPSTREAM_MEV_WINDOW_SECONDS.
   */
  readonly mevWindowSeconds?: Keys["mevWindowSeconds"];
  /**
   * How far apart the front and the back run of a sandwich may be. It is counted in whole slots of `slotMs`,
   * 64 at most. That many blocks are read on each side of a trade. Allowed: a number of milliseconds from 0
   * to 25600. Default: 1200. Variable: SLIPSTREAM_SANDWICH_WINDOW_MS.
   */
  readonly sandwichWindowMs?: Keys["sandwichWindowMs"];
  /**
   * How long a slot of the chain takes. Allowed: a number of milliseconds from 50 to 10000. Default: 400.
   * Variable: SLIPSTREAM_SLOT_MS.
   */
  readonly slotMs?: Keys["slotMs"];
  /**
   * How long an instant waits for late events before it is published. Allowed: a number of milliseconds from
   * 0 to 60000. Default: 2000. Variable: SLIPSTREAM_ALLOWED_LATENESS_MS.
   */
  readonly allowedLatenessMs?: Keys["allowedLatenessMs"];
  /**
   * How far back late events still amend what was published. Rounded up to a multiple of 5. Events that come
   * later still count in the totals. Allowed: a number of seconds from 0 to 3600. Default: 300. Variable:
   * SLIPSTREAM_AMENDMENT_SECONDS.
   */
  readonly amendmentSeconds?: Keys["amendmentSeconds"];
  /**
   * RPC methods that count in the node's latency and error rate; exclude takes precedence. If `include` is
   * left out, all methods count. A slow `getProgramAccounts` does not make a slow node. Allowed: { include:
   * ["getAccountInfo", ...], exclude: ["getProgramAccounts", ...] }, each optional. Default: all methods.
   */
  readonly nodeMethods?: Keys["nodeMethods"];
  /**
   * Hosts of the Jupiter API, in addition to the built-in ones. Allowed: a list of host, host:port or
   * *.domain. Default: none. Variable: SLIPSTREAM_JUPITER_HOSTS.
   */
  readonly jupiterHosts?: Keys["jupiterHosts"];
  /**
   * Hosts of Solana RPC nodes, for HTTP spans that do not say what they carry. Allowed: a list of host,
   * host:port or *.domain. Default: none. Variable: SLIPSTREAM_RPC_HOSTS.
   */
  readonly rpcHosts?: Keys["rpcHosts"];
  /**
   * Most operations with latencies of their own; the rest counts as one, other. Slipstream's own operations
   * are not counted. Allowed: a whole number from 0 to 10000. Default: 64. Variable:
   * SLIPSTREAM_MAX_OPERATIONS.
   */
  readonly maxOperations?: Keys["maxOperations"];
  /**
   * Most services with counts of their own; the rest counts as one, other. Allowed: a whole number from 1 to
   * 100000. Default: 256. Variable: SLIPSTREAM_MAX_SERVICES.
   */
  readonly maxServices?: Keys["maxServices"];
  /**
   * Most pairs, strategies and so on that have statistics of their own; the rest is counted together, as
   * other. The ones with the most trades have them. The limit holds for each label by itself: service, pair,
   * strategy, protection, landing service. With every place taken, the default needs about 15 MiB. Allowed: a
   * whole number from 1 to 1000. Default: 32. Variable: SLIPSTREAM_MAX_LABEL_VALUES.
   */
  readonly maxLabelValues?: Keys["maxLabelValues"];
  /**
   * Hour (UTC) at which the alert daily-summary sums up the day before. Allowed: a whole number of hours from
   * 0 to 23. Default: 0. Variable: SLIPSTREAM_DAILY_SUMMARY_HOUR.
   */
  readonly dailySummaryHour?: Keys["dailySummaryHour"];
  /**
   * Spans remembered so that repeats are recognized, in two halves. A repeat is recognized at least among the
   * last half of this number of spans. Allowed: a whole number from 1024 to 268435456. Default: 8388608.
   * Variable: SLIPSTREAM_DEDUPE_SPANS.
   */
  readonly dedupeSpans?: Keys["dedupeSpans"];
  /**
   * Rules of alerts: changes of shipped ones, and new ones. Allowed: a list of rules, as docs/alerts.md
   * describes them. Default: the shipped rules.
   */
  readonly rules?: Keys["rules"];
  /**
   * File of rules of alerts. A list of rules, as `rules` takes them. A change of the file is read at once.
   * Allowed: the path of a YAML or JSON file. Default: the shipped rules. Variable: SLIPSTREAM_RULES_FILE.
   */
  readonly rulesFile?: Keys["rulesFile"];
  /**
   * What attacks may cost in an hour before an alert fires. Allowed: a number of US dollars above 0. Default:
   * none; the rules about it are off. Variable: SLIPSTREAM_MEV_BUDGET_USD_PER_HOUR.
   */
  readonly mevBudgetUsdPerHour?: Keys["mevBudgetUsdPerHour"];
  /**
   * Least severe message that is logged. Allowed: trace, debug, info, warn, error, fatal, silent. Default:
   * info. Variable: SLIPSTREAM_LOG_LEVEL.
   */
  readonly logLevel?: Keys["logLevel"];
  /**
   * Form of the log: text on a terminal and JSON elsewhere, or always one of them. With `json`, `slipstream
   * aggregate` prints nothing else: what it prints at its start, and the error that ends it, are lines of
   * JSON on standard error too. Allowed: auto, text, json. Default: auto. Variable: SLIPSTREAM_LOG_FORMAT.
   */
  readonly logFormat?: Keys["logFormat"];
  /**
   * How levels appear in JSON: 30, as pino writes them, or "info". Allowed: number, name. Default: number.
   * Variable: SLIPSTREAM_LOG_LEVELS.
   */
  readonly logLevels?: Keys["logLevels"];
  /**
   * Address of a running aggregator. Allowed: a URL such as http://127.0.0.1:9480 (without a name and
   * password: the aggregator's token is --token or SLIPSTREAM_TOKEN). Default: host and port, or for some
   * commands the data folder. Variable: SLIPSTREAM_ENDPOINT.
   */
  readonly endpoint?: Keys["endpoint"];
  /**
   * Where trading services send to: the Collector's OTLP/HTTP. Allowed: a URL such as http://127.0.0.1:4318
   * (OTLP over HTTP). Default: the aggregator itself. Variable: OTEL_EXPORTER_OTLP_ENDPOINT.
   */
  readonly collectorUrl?: Keys["collectorUrl"];
  /**
   * Folder of the Collector's queues, if it is on this machine: damaged files that it has set aside are
   * reported. Allowed: the path of a folder. Default: not looked at. Variable: SLIPSTREAM_COLLECTOR_DATA.
   */
  readonly collectorData?: Keys["collectorData"];
  /**
   * Address of Prometheus. Allowed: a URL such as http://127.0.0.1:9090. Default: not checked. Variable:
   * SLIPSTREAM_PROMETHEUS_URL.
   */
  readonly prometheusUrl?: Keys["prometheusUrl"];
  /**
   * Address of Alertmanager. Allowed: a URL such as http://127.0.0.1:9093. Default: not checked. Variable:
   * SLIPSTREAM_ALERTMANAGER_URL.
   */
  readonly alertmanagerUrl?: Keys["alertmanagerUrl"];
  /**
   * Address at which the trace store answers queries: Jaeger's or Tempo's. Allowed: a URL such as
   * http://127.0.0.1:16686 (of Jaeger's or Tempo's queries). Default: not checked. Variable:
   * SLIPSTREAM_TRACES_URL.
   */
  readonly tracesUrl?: Keys["tracesUrl"];
  /**
   * Address of Grafana. The aggregator's notifications of alerts link to its dashboards there, at the time of
   * the alert. Allowed: a URL such as http://127.0.0.1:3000. Default: not checked, and no links. Variable:
   * SLIPSTREAM_GRAFANA_URL.
   */
  readonly grafanaUrl?: Keys["grafanaUrl"];
}

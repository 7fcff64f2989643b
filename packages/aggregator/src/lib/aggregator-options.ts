import type { Rule } from "@slipstream/alerts";
import type { Config } from "@slipstream/config";
import type { CurrentStatistics } from "@slipstream/engine";
import type { aggregatorComponents } from "../options.ts";
import type { ConfiguredChannels } from "./alerts/notifications.ts";
import type { Dashboards } from "./dashboards/dashboards.ts";
import type { Logger } from "./logger.ts";
import type { Clocks } from "./receipt-clock/machine-clocks.ts";
import type { RedisClient } from "./redis/redis-client.ts";
import type { SinkStatus } from "./sinks/sink.ts";
import type { Watch } from "./watcher/watching.ts";

/**
 * The keys of the configuration (`docs/configuration.md`), and what a program has already. Values are trusted: check what comes from
 * outside with `checkConfig`.
 */
export interface AggregatorOptions
  extends Omit<Config<(typeof aggregatorComponents)[number]>, "dataDir" | "redis" | "channels"> {
  /** Folder of the log and the embedded stores, or `IN_MEMORY`. */
  readonly dataDir: string;
  /** Redis for the dashboards: a URL, or a client, which stays its owner's. */
  readonly redis?: string | RedisClient | undefined;
  /** Where notifications of alerts are sent to. Default: the console only. */
  readonly channels?: ConfiguredChannels | undefined;
  /** Where people reach Grafana: notifications of alerts link to its dashboards. Default: they do not. */
  readonly grafanaUrl?: string | undefined;
  /** Prints text for people. Default: nobody reads it, and the console channel writes to the log. */
  readonly print?: ((text: string) => void) | undefined;
  /** Keep what can be read of a damaged log, and go on without the rest. Default false. */
  readonly salvage?: boolean | undefined;
  /** Default: nothing is logged. */
  readonly logger?: Logger | undefined;
  /** The alert rules, complete. Default: those that are shipped. */
  readonly rules?: readonly Rule[] | undefined;
  /** If it aborts while the log is read, the start is broken off: what was read is kept for the next one. */
  readonly signal?: AbortSignal | undefined;
  /** Unix ms; stamps what comes in. Default: a `ReceiptClock`, which goes on whatever happens to the machine's clock. */
  readonly now?: (() => number) | undefined;
  /** The machine's clocks, which times of receipt follow. */
  readonly clocks?: Clocks | undefined;
}

export interface Aggregator {
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /** Every current statistic, as `/api/current` answers it. */
  current(): CurrentStatistics;
  /** The embedded dashboard store: the nine keys and their series. */
  readonly dashboard: Dashboards;
  sinks(): Readonly<Record<string, SinkStatus>>;
  /** Begins to look for the blocks around the trades, if the options named no source of blocks. */
  readonly watch: Watch;
  /** From now on requests must carry this token. @throws SlipstreamError `token_required` off loopback without one */
  setToken(token: string | undefined): void;
  /**
   * From now on notifications go to these channels. What waits for one that fails is sent again at once.
   * @throws ConfigError if a secret of a channel cannot be read; then nothing has changed
   */
  setChannels(channels: ConfiguredChannels): Promise<void>;
  /** From now on these alert rules hold, complete ones. Resolves once they do. @throws SlipstreamError `log_unavailable` */
  setRules(rules: readonly Rule[]): Promise<void>;
  /** Answers what is in flight, writes what waits, and closes the log. */
  close(): Promise<void>;
}

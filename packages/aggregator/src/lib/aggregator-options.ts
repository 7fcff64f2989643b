import type { Config } from "@slipstream/config";
import type { CurrentStatistics } from "@slipstream/engine";
import type { aggregatorComponents } from "../options.ts";
import type { Dashboards } from "./dashboards/dashboards.ts";
import type { Logger } from "./logger.ts";
import type { RedisClient } from "./redis/redis-client.ts";
import type { SinkStatus } from "./sinks/sink.ts";
import type { Watch } from "./watcher/watching.ts";

/**
 * The keys of the configuration (`docs/configuration.md`), and what a program has already. Values are trusted: check what comes from
 * outside with `checkConfig`.
 */
export interface AggregatorOptions
  extends Omit<Config<(typeof aggregatorComponents)[number]>, "dataDir" | "redis"> {
  /** Folder of the log and the embedded stores, or `IN_MEMORY`. */
  readonly dataDir: string;
  /** Redis for the dashboards: a URL, or a client, which stays its owner's. */
  readonly redis?: string | RedisClient | undefined;
  /** Keep what can be read of a damaged log, and go on without the rest. Default false. */
  readonly salvage?: boolean | undefined;
  /** Default: nothing is logged. */
  readonly logger?: Logger | undefined;
  /** If it aborts while the log is read, the start is broken off: what was read is kept for the next one. */
  readonly signal?: AbortSignal | undefined;
  /** Unix ms; the clock that stamps what comes in. */
  readonly now?: (() => number) | undefined;
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
  /** Answers what is in flight, writes what waits, and closes the log. */
  close(): Promise<void>;
}

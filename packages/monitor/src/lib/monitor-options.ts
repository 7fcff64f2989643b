import type { QuestDbClient, QuestDbOptions, RedisClient } from "@slipstream/aggregator";
import {
  ConfigError,
  checkConfig,
  type EngineConfig,
  type Environment,
  engineOptions,
  fromEnvironment,
  questDbOptions,
  type SlipstreamConfig,
  shown,
} from "@slipstream/config";
import { consoleLogger, type MonitorLogger, onceLogger } from "./logger.ts";

/** What `new PerformanceMonitor` takes: the keys of the configuration, and what the service has already. */
export interface PerformanceMonitorOptions extends Omit<SlipstreamConfig, "redis" | "questdb"> {
  /**
   * QuestDB's configuration string, or a client (`Sender`), which stays the service's own: what it holds unsent is sent with
   * the history's rows. A client cannot make the tables; where they are missing QuestDB does, without deduplication.
   */
  readonly questdb?: string | QuestDbClient;
  /** An ioredis client, which stays the service's own, or a URL. */
  readonly redis?: string | RedisClient;
  /** A prom-client Registry or an OpenTelemetry MeterProvider that the service serves: our metrics appear there too. */
  readonly registry?: unknown;
  /** `service.name`. Default: OTEL_SERVICE_NAME, else trading-service. */
  readonly serviceName?: string;
  /** `slipstream.desk`. */
  readonly desk?: string;
  /** Default: warnings and errors go to the console. */
  readonly logger?: MonitorLogger;
}

export interface MonitorSettings {
  /** Where spans and metrics are exported to; undefined: nowhere, this process is the desk's aggregator. */
  readonly endpoint: string | undefined;
  readonly token: string | undefined;
  readonly serviceName: string;
  readonly desk: string | undefined;
  readonly questdb: QuestDbOptions | QuestDbClient | undefined;
  readonly redis: string | RedisClient | undefined;
  readonly registry: unknown;
  readonly engine: EngineConfig;
  readonly logger: MonitorLogger;
}

/** Options > environment > defaults. @throws ConfigError where an option is wrong; a wrong variable is logged. */
export function monitorSettings(
  options: PerformanceMonitorOptions,
  environment: Environment,
): MonitorSettings {
  if (typeof options !== "object" || options === null) {
    throw new ConfigError(
      "",
      `PerformanceMonitor was given ${shown(options)}; allowed: an object of options`,
    );
  }
  const { questdb, redis, registry, serviceName, desk, logger: given, ...rest } = options;
  const origin = "PerformanceMonitor";
  const url = typeof redis === "string" ? checkConfig({ redis }, origin).redis : undefined;
  if (redis !== undefined && url === undefined && !isClient(redis)) {
    throw new ConfigError(
      "redis",
      `redis (from ${origin}) is not allowed; allowed: an ioredis client or a redis:// URL`,
    );
  }
  const conf = typeof questdb === "string" ? checkConfig({ questdb }, origin).questdb : undefined;
  if (questdb !== undefined && conf === undefined && !isSender(questdb)) {
    throw new ConfigError(
      "questdb",
      `questdb (from ${origin}) is not allowed; allowed: a QuestDB client or a configuration string`,
    );
  }
  const config = checkConfig(rest, origin);
  const logger = onceLogger(given ?? consoleLogger);
  const variables = readEnvironment(environment, logger);
  return {
    endpoint: config.endpoint ?? text(environment.OTEL_EXPORTER_OTLP_ENDPOINT),
    token: config.token ?? variables.token,
    serviceName: text(serviceName) ?? text(environment.OTEL_SERVICE_NAME) ?? "trading-service",
    desk: text(desk),
    questdb:
      conf === undefined
        ? isSender(questdb)
          ? questdb
          : undefined
        : questDbOptions({ ...variables, ...config, questdb: conf }),
    redis: url ?? (isClient(redis) ? redis : undefined),
    registry,
    engine: engineOptions({ ...variables, ...config }),
    logger,
  };
}

function readEnvironment(environment: Environment, logger: MonitorLogger): SlipstreamConfig {
  try {
    return fromEnvironment(environment);
  } catch (error) {
    logger.warn(`no SLIPSTREAM_* variable is used: ${error instanceof Error ? error.message : error}`);
    return {};
  }
}

function isClient(value: unknown): value is RedisClient {
  return typeof value === "object" && value !== null && "multi" in value;
}

function isSender(value: unknown): value is QuestDbClient {
  return typeof value === "object" && value !== null && "flush" in value && "table" in value;
}

function text(value: string | undefined): string | undefined {
  return typeof value === "string" && value.trim() !== "" ? value : undefined;
}

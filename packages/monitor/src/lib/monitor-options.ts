import type { QuestDbClient, QuestDbOptions, RedisClient } from "@slipstream/aggregator";
import type { ChannelsSettings } from "@slipstream/aggregator/alerts";
import {
  aggregatorComponents,
  channelOptions,
  engineOptions,
  lazyRules,
  questDbOptions,
  questDbTarget,
  redisOptions,
  rulesOptions,
  tokenOptions,
  writerOptions,
} from "@slipstream/aggregator/options";
import type { Rule } from "@slipstream/alerts";
import {
  type Config,
  ConfigError,
  checkConfig,
  type Environment,
  givenTo,
  optionsOf,
  resolveOptions,
  shown,
  unknownOptionText,
  valuesOf,
} from "@slipstream/config";
import type { EngineConfig } from "@slipstream/engine";
import { calmLogger, consoleLogger, type MonitorLogger, printer } from "./logger.ts";
import { serviceOptions } from "./options.ts";

type RulesOptions = (typeof rulesOptions)["options"];

const alertOptions: { readonly title: string; readonly options: Omit<RulesOptions, "rulesFile"> } = {
  title: rulesOptions.title,
  options: {
    rules: rulesOptions.options.rules,
    mevBudgetUsdPerHour: rulesOptions.options.mevBudgetUsdPerHour,
  },
};

const components: readonly [
  typeof serviceOptions,
  typeof tokenOptions,
  typeof writerOptions,
  typeof redisOptions,
  typeof questDbOptions,
  typeof alertOptions,
  typeof channelOptions,
  typeof engineOptions,
] = [
  serviceOptions,
  tokenOptions,
  writerOptions,
  redisOptions,
  questDbOptions,
  alertOptions,
  channelOptions,
  engineOptions,
];

/**
 * Options of `new PerformanceMonitor`: keys of the configuration (`docs/configuration.md`), and clients that
 * the service has already.
 */
export interface PerformanceMonitorOptions
  extends Omit<Config<(typeof components)[number]>, "redis" | "questdb"> {
  /**
   * QuestDB's configuration string, or a client (`Sender`), which the service closes. Rows of its own that
   * are waiting in the client are sent with those of the history. The tables are created, and checked, at the
   * client's own HTTP address. A client over TCP cannot do that: then QuestDB creates them without
   * deduplication, and a write that is repeated after a failure doubles its rows.
   */
  readonly questdb?: string | QuestDbClient | undefined;
  /** A URL, or an ioredis client, which the service closes. */
  readonly redis?: string | RedisClient | undefined;
  /** The service's prom-client Registry or OpenTelemetry MeterProvider: the metrics appear there too. */
  readonly registry?: unknown;
  /** Default: warnings and errors go to the console. */
  readonly logger?: MonitorLogger | undefined;
}

/** Rules of alerts, and where notifications are sent to. */
export interface AlertSettings {
  readonly rules: readonly Rule[];
  /** None: alerts are in the history only. */
  readonly channels: ChannelsSettings;
}

export interface MonitorSettings {
  /** Where spans and metrics are sent. If undefined, nowhere: this process is the desk's aggregator. */
  /** From an option or a variable. If there is none, this process writes Redis and QuestDB itself. */
  readonly endpoint: string | undefined;
  /** From an option, which comes before the endpoints of single signals in the environment. */
  readonly endpointOption: string | undefined;
  readonly token: string | undefined;
  readonly serviceName: string;
  readonly desk: string | undefined;
  readonly questdb: QuestDbOptions | QuestDbClient | undefined;
  readonly redis: string | RedisClient | undefined;
  readonly redisPrefix: string | undefined;
  /** How the history's tables are called and kept, for a client. */
  readonly questDbTables: Pick<QuestDbOptions, "tablePrefix" | "ttlDays">;
  readonly registry: unknown;
  readonly engine: EngineConfig;
  /** undefined: there are no alerts. */
  readonly alerts: AlertSettings | undefined;
  readonly logger: MonitorLogger;
  /** Where channels of type console write. */
  readonly print: (level: keyof MonitorLogger, text: string) => void;
}

const ORIGIN = "PerformanceMonitor";

/**
 * Options come first, then variables, then defaults. The variables of Redis and QuestDB are the aggregator's:
 * a service connects only to what its options name.
 *
 * @throws ConfigError if an option is wrong, or OTEL_EXPORTER_OTLP_ENDPOINT, which decides who writes the
 * dashboards. Other wrong variables are logged and ignored.
 */
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
  const { questdb, redis, registry, logger: ownLogger, ...rest } = options;
  const logger = calmLogger(ownLogger ?? consoleLogger);
  const client = redis === undefined || isRedis(redis) ? redis : undefined;
  const sender = questdb === undefined || isSender(questdb) ? questdb : undefined;
  const given = checkOptions(rest, logger);
  const urls = {
    ...(client === undefined && givenText("redis", redis, "an ioredis client or a redis:// URL")),
    ...(sender === undefined && givenText("questdb", questdb, "a QuestDB client or a configuration string")),
  };
  const { REDIS_URL: _, QDB_CLIENT_CONF: __, ...variables } = environment;
  const { values: set } = resolveOptions(components, {
    environment: variables,
    onWrong: (error) => {
      if (error.field === "endpoint") throw error;
      logger.warn(`${error.message}; it is ignored`);
    },
  });
  const values = { ...set, ...given, ...urls };
  return {
    endpoint: values.endpoint,
    endpointOption: given.endpoint,
    token: values.token,
    serviceName: valuesOf(serviceOptions, values).serviceName,
    desk: values.desk,
    questdb: sender ?? questDbTarget(values),
    redis: client ?? values.redis,
    redisPrefix: values.redisPrefix,
    questDbTables: { tablePrefix: values.questdbTablePrefix, ttlDays: values.questdbTtlDays },
    registry,
    engine: givenTo(engineOptions, values),
    alerts: alertSettings(values),
    logger,
    print: printer(ownLogger),
  };
}

/**
 * Allows the aggregator's keys, although they have no effect here, so that both can share a configuration.
 */
function checkOptions(options: object, logger: MonitorLogger): Config<(typeof components)[number]> {
  const texts = Object.entries(options).filter(
    ([, value]) => typeof value !== "string" || value.trim() !== "",
  );
  assertKnown(options);
  const given = checkConfig(
    [...components, ...aggregatorComponents, rulesOptions],
    Object.fromEntries(texts),
    ORIGIN,
  );
  const own = new Set(optionsOf(components).map(([key]) => key));
  for (const key of Object.keys(given)) {
    if (!own.has(key)) logger.warn(`${key} has no effect in ${ORIGIN}: it is an option of the aggregator`);
  }
  return given;
}

/** What the options may be beside keys of the configuration. */
const OWN_KEYS = ["registry", "logger"] as const;

/** @throws ConfigError that lists every key that has an effect, if there is one that nobody knows */
function assertKnown(options: object): void {
  const allowed = [...optionsOf(components).map(([key]) => key), ...OWN_KEYS];
  const known = new Set([
    ...allowed,
    ...optionsOf([...aggregatorComponents, rulesOptions]).map(([key]) => key),
  ]);
  const unknown = Object.keys(options).find((key) => !known.has(key));
  if (unknown === undefined) return;
  throw new ConfigError(unknown, unknownOptionText(unknown, ORIGIN, allowed));
}

/** There are alerts only if somebody asks for them: a budget alone changes what rules say. */
function alertSettings({
  rules,
  channels = {},
  mevBudgetUsdPerHour,
}: Config<typeof alertOptions | typeof channelOptions>): AlertSettings | undefined {
  if (rules === undefined && Object.keys(channels).length === 0) return undefined;
  const { readRules, problemText } = lazyRules();
  const read = readRules(rules, { mevBudgetUsdPerHour });
  if (read.problems.length > 0) throw new ConfigError("rules", read.problems.map(problemText).join("\n"));
  return { rules: read.rules, channels };
}

function givenText(
  key: "redis" | "questdb",
  value: unknown,
  allowed: string,
): { redis?: string; questdb?: string } {
  if (value === undefined) return {};
  if (typeof value === "string")
    return checkConfig(components, { [key]: value }, ORIGIN) as { redis?: string };
  throw new ConfigError(key, `${key} (from ${ORIGIN}) is not allowed; allowed: ${allowed}`);
}

function isRedis(value: unknown): value is RedisClient {
  return typeof value === "object" && value !== null && "eval" in value;
}

function isSender(value: unknown): value is QuestDbClient {
  return typeof value === "object" && value !== null && "flush" in value && "table" in value;
}

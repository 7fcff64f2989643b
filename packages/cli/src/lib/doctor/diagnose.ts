import { join, resolve } from "node:path";
import { assertServerOptions, readInstance } from "@slipstream/aggregator";
import type { ConfigError } from "@slipstream/config";
import type { CurrentStatistics } from "@slipstream/engine";
import { AggregatorClient } from "../client/aggregator-client.ts";
import { ClientError } from "../client/client-error.ts";
import { endpointOf } from "../client/endpoint.ts";
import type { LoadedConfig } from "../config/load-config.ts";
import { type CanaryOptions, checkCanary } from "./canary/check-canary.ts";
import type { Finding } from "./check.ts";
import { type AggregatorFindings, checkAggregator, type OwnFolder } from "./check-aggregator.ts";
import { type ClockComparison, checkClock } from "./check-clock.ts";
import { checkCollectorData } from "./check-collector-data.ts";
import { completenessOf } from "./check-completeness.ts";
import { checkConfig } from "./check-config.ts";
import { checkDataFolder } from "./check-data-folder.ts";
import { checkNode } from "./check-node.ts";
import { checkPort } from "./check-port.ts";
import { checkQuestDb } from "./check-questdb.ts";
import { checkRedis } from "./check-redis.ts";
import { checkRules } from "./check-rules.ts";
import { canariesOf, troublesOf } from "./check-services.ts";
import { checkStored } from "./check-stored.ts";
import { checkPipeline } from "./pipeline/check-pipeline.ts";

export interface DiagnoseOptions {
  /** Look for parts that are not named, on the usual ports of this machine. */
  readonly find: boolean;
  /** undefined: send none. */
  readonly canary: CanaryOptions | undefined;
}

/**
 * Every check, in the order in which their subjects are needed.
 * @param wrong what is wrong with the configuration, and left out of it
 */
export async function diagnose(
  loaded: LoadedConfig,
  wrong: readonly ConfigError[],
  { find, canary }: DiagnoseOptions,
): Promise<Finding[]> {
  const { config, origins } = loaded;
  const { host, port, dataDir, token, redis, redisPrefix } = config;
  const instance = readInstance(dataDir);
  const client = new AggregatorClient({ endpoint: endpointOf(config), token, timeoutMs: 3_000 });
  const aggregator =
    config.endpoint === undefined && port === 0
      ? nowhere
      : await checkAggregator(
          client,
          config.endpoint === undefined ? ownFolder(dataDir, instance) : undefined,
        );
  const current = aggregator.running ? await currentOf(client) : undefined;
  const services = Object.entries(current?.services ?? {});
  const pipeline = await checkPipeline(config, client.endpoint, find);
  const {
    finding: redisFinding,
    clocks,
    lease,
  } = await checkRedis({
    url: redis,
    prefix: redisPrefix,
    instance,
    isWritten: aggregator.sinks?.redis !== undefined,
  });
  const others: ClockComparison[] = [
    ...aggregator.clocks,
    ...(clocks === undefined ? [] : [{ name: "Redis", ...clocks }]),
    ...pipeline.clocks,
  ];
  // Of an aggregator elsewhere, the port and the folder are elsewhere too.
  const isHere = (key: "host" | "port" | "dataDir"): boolean =>
    config.endpoint === undefined || origins[key]?.kind === "flag";
  return [
    checkNode(),
    ...checkConfig(loaded, wrong, process.env, assertServerOptions),
    await checkRules(config),
    ...(isHere("port") || isHere("host")
      ? [await checkPort(host, port, aggregator.running && config.endpoint === undefined)]
      : []),
    ...(isHere("dataDir") ? await checkDataFolder(dataDir) : []),
    ...(isHere("dataDir") ? checkStored(dataDir) : []),
    ...aggregator.findings,
    ...services.map(([name, counts]) => completenessOf(name, counts)),
    ...services.flatMap(([name, counts]) => troublesOf(name, counts)),
    ...canariesOf(current?.statistics.canary_spans),
    redisFinding,
    ...(await checkQuestDb(config, instance, lease, aggregator.sinks?.questdb !== undefined)),
    ...pipeline.findings,
    ...checkCollectorData(config.collectorData),
    ...checkClock(Date.now(), others),
    ...(canary === undefined ? [] : await checkCanary({ config, client, ...aggregator, pipeline }, canary)),
  ];
}

function ownFolder(dataDir: string, instance: string | undefined): OwnFolder {
  return { path: resolve(dataDir), instance, demo: readInstance(join(dataDir, "demo")) };
}

/** Port 0 is another one each time: there is no address to look at. */
const nowhere: AggregatorFindings = {
  running: false,
  sinks: undefined,
  clocks: [],
  findings: [{ check: "Aggregator", outcome: "ok", text: "not looked for: --endpoint names one" }],
};

async function currentOf(client: AggregatorClient): Promise<CurrentStatistics | undefined> {
  try {
    return await client.current();
  } catch (error) {
    // Why there is no answer, another check says.
    if (error instanceof ClientError) return undefined;
    throw error;
  }
}

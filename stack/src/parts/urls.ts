import { portOf, type Setting } from "./part.ts";

/** Where parts find each other. */
type Ports = Pick<Setting, "ports">;

export function aggregatorUrl(setting: Ports): string {
  return `http://127.0.0.1:${portOf(setting, "aggregator")}`;
}

export function alertmanagerUrl(setting: Ports): string {
  return `http://127.0.0.1:${portOf(setting, "alertmanager")}`;
}

export function prometheusUrl(setting: Ports): string {
  return `http://127.0.0.1:${portOf(setting, "prometheus")}`;
}

/** The trace store's queries. */
export function jaegerUrl(setting: Ports): string {
  return `http://127.0.0.1:${portOf(setting, "jaeger")}`;
}

/** Where services send their data over OTLP/HTTP. */
export function otlpUrl(setting: Ports): string {
  return `http://127.0.0.1:${portOf(setting, "otlp-http")}`;
}

/** The simulated chain's node. */
export function rpcUrl(setting: Ports): string {
  return `http://127.0.0.1:${portOf(setting, "rpc")}`;
}

export function redisUrl(setting: Ports): string {
  return `redis://127.0.0.1:${portOf(setting, "redis")}`;
}

/** As `QDB_CLIENT_CONF` has it. */
export function questdbConf(setting: Ports): string {
  return `http::addr=127.0.0.1:${portOf(setting, "questdb")};`;
}

/** QuestDB's own first login. */
export function questdbPgUrl(setting: Ports): string {
  return `postgres://admin:quest@127.0.0.1:${portOf(setting, "questdb-pg")}/qdb`;
}

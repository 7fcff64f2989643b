import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventually } from "@slipstream/testing/eventually";
import { type RealProcess, startProcess, untilServing } from "@slipstream/testing/real-process";
import { freePort } from "slipstream-stack/free-port";
import { collectorProgram } from "slipstream-stack/install/collector-build";
import { installedProgram } from "slipstream-stack/installed-program";
import { onTestFinished } from "vitest";
import { inRepository } from "./repository.ts";

const END_MS = 30_000;

export interface CollectorOptions {
  /** The aggregator's address. */
  readonly aggregator?: string;
  readonly prometheus?: string;
  /** `host:port` of the trace store's OTLP/gRPC. */
  readonly store?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Default: the repository's. */
  readonly config?: string;
}

/** A real Collector with the repository's configuration, on loopback ports of its own. */
export interface Collector {
  /** Where OTLP/HTTP is taken. */
  readonly url: string;
  /** `host:port` of OTLP/gRPC. */
  readonly grpc: string;
  /** Where it answers 200 if it is ready. */
  readonly health: string;
  /** Folder of its queues. */
  readonly data: string;
  /** `host:port` of its own metrics. */
  readonly ownMetrics: string;
  readonly token: string;
  readonly tokenFile: string;
  /** Its own metrics: sums over labels, by name. */
  metrics(): Promise<Readonly<Record<string, number>>>;
  /** The text of its own metrics. */
  exposition(): Promise<string>;
  output(): string;
  /** Asks it to end, and waits until it has. */
  terminate(): Promise<void>;
  kill(): Promise<void>;
  /** Starts it again on the same folder and ports. */
  restart(): Promise<void>;
}

/** Starts a Collector, which ends with the test. What it is not told of an address is one where nobody listens. */
export async function startedCollector(options: CollectorOptions = {}): Promise<Collector> {
  const folder = mkdtempSync(join(tmpdir(), "slipstream-collector-"));
  const token = "token-of-the-test";
  const tokenFile = join(folder, "token");
  writeFileSync(tokenFile, `${token}\n`, { mode: 0o600 });
  const [grpc, http, health, metricsPort, nobody] = await ports();
  const data = join(folder, "queues");
  const env = {
    PATH: process.env.PATH,
    SLIPSTREAM_COLLECTOR_GRPC_PORT: `${grpc}`,
    SLIPSTREAM_COLLECTOR_HTTP_PORT: `${http}`,
    SLIPSTREAM_COLLECTOR_HEALTH_PORT: `${health}`,
    SLIPSTREAM_COLLECTOR_METRICS_PORT: `${metricsPort}`,
    SLIPSTREAM_COLLECTOR_DATA: data,
    SLIPSTREAM_TOKEN_FILE: tokenFile,
    SLIPSTREAM_AGGREGATOR_ENDPOINT: options.aggregator ?? `http://127.0.0.1:${nobody}`,
    SLIPSTREAM_PROMETHEUS_ENDPOINT: options.prometheus ?? `http://127.0.0.1:${nobody}`,
    SLIPSTREAM_TRACE_STORE: options.store ?? `127.0.0.1:${nobody}`,
    SLIPSTREAM_SAMPLING_WAIT: "1s",
    ...options.env,
  };
  const config = options.config ?? inRepository("otel-collector/config.yaml");
  const start = async (): Promise<RealProcess> => {
    const started = startProcess(installedProgram(collectorProgram), ["--config", config], folder, env);
    await untilServing(
      "the Collector",
      started,
      async () => (await fetch(`http://127.0.0.1:${health}/`)).ok,
      END_MS,
    );
    return started;
  };
  let running = await start();
  onTestFinished(() => running.kill());
  const exposition = async () => (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
  return {
    url: `http://127.0.0.1:${http}`,
    grpc: `127.0.0.1:${grpc}`,
    health: `http://127.0.0.1:${health}/`,
    data,
    ownMetrics: `127.0.0.1:${metricsPort}`,
    token,
    tokenFile,
    exposition,
    metrics: async () => sums(await exposition()),
    output: () => running.output(),
    async terminate() {
      running.signal("SIGTERM");
      await eventually("the Collector ends", () => running.exited, END_MS);
    },
    kill: () => running.kill(),
    async restart() {
      running = await start();
    },
  };
}

async function ports(): Promise<[number, number, number, number, number]> {
  return [await freePort(), await freePort(), await freePort(), await freePort(), await freePort()];
}

function sums(text: string): Record<string, number> {
  const result: Record<string, number> = {};
  for (const line of text.split("\n")) {
    const [, name, value] = /^([a-z_]+)(?:\{[^}]*\})? (\S+)$/.exec(line) ?? [];
    if (name !== undefined) result[name] = (result[name] ?? 0) + Number(value);
  }
  return result;
}

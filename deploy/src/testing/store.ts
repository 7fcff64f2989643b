import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { testFolder } from "@slipstream/testing/folders";
import { Receiver } from "@slipstream/testing/otlp-receiver";
import { type RealProcess, startProcess, untilServing } from "@slipstream/testing/real-process";
import { freePort } from "slipstream-stack/free-port";
import { collectorProgram } from "slipstream-stack/install/collector-build";
import { installedProgram } from "slipstream-stack/installed-program";
import { onTestFinished } from "vitest";

/**
 * A trace store that keeps what it gets over OTLP/gRPC. It takes what Tempo and Jaeger take, no more than 4 MiB in a request: its receiver is
 * the same, that of a Collector.
 */
export interface Store {
  /** `host:port` */
  readonly grpc: string;
  readonly kept: Receiver;
  start(): Promise<void>;
  stop(): Promise<void>;
}

export async function startedStore(): Promise<Store> {
  const kept = await Receiver.start();
  onTestFinished(() => kept.close());
  const [port, health] = [await freePort(), await freePort()];
  const folder = testFolder();
  const config = join(folder, "relay.json");
  writeFileSync(
    config,
    JSON.stringify({
      receivers: { otlp: { protocols: { grpc: { endpoint: `127.0.0.1:${port}` } } } },
      exporters: { otlp_http: { endpoint: kept.url, sending_queue: { enabled: false } } },
      extensions: { health_check: { endpoint: `127.0.0.1:${health}` } },
      service: {
        extensions: ["health_check"],
        telemetry: { metrics: { level: "none" } },
        pipelines: { traces: { receivers: ["otlp"], exporters: ["otlp_http"] } },
      },
    }),
  );
  let running: RealProcess | undefined;
  const store: Store = {
    grpc: `127.0.0.1:${port}`,
    kept,
    async start() {
      running = startProcess(installedProgram(collectorProgram), ["--config", config], folder);
      await untilServing(
        "the trace store",
        running,
        async () => (await fetch(`http://127.0.0.1:${health}/`)).ok,
      );
    },
    stop: async () => running?.kill(),
  };
  onTestFinished(() => store.stop());
  await store.start();
  return store;
}

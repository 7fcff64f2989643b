import { readdirSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder } from "../cache-folder.ts";
import { programPath } from "../install/built-program.ts";
import { collectorBuild, collectorProgram, collectorVersion } from "../install/collector-build.ts";
import { answers, type Part, portOf, type Setting } from "./part.ts";
import { aggregatorUrl, otlpUrl, prometheusUrl } from "./urls.ts";

function queues({ data }: Setting): string {
  return join(data, "collector");
}

export const collector: Part = {
  name: "collector",
  title: `OpenTelemetry Collector ${collectorVersion()}`,
  ports: { "otlp-http": 4318, "otlp-grpc": 4317, "collector-health": 13133, "collector-metrics": 8888 },
  after: ["aggregator", "prometheus", "jaeger"],
  installation: collectorBuild(),
  command: (setting) => ({
    program: programPath(cacheFolder(), collectorProgram),
    args: ["--config", join(setting.repository, "otel-collector", "config.yaml")],
    env: {
      GOMEMLIMIT: "400MiB",
      SLIPSTREAM_COLLECTOR_GRPC_PORT: String(portOf(setting, "otlp-grpc")),
      SLIPSTREAM_COLLECTOR_HTTP_PORT: String(portOf(setting, "otlp-http")),
      SLIPSTREAM_COLLECTOR_HEALTH_PORT: String(portOf(setting, "collector-health")),
      SLIPSTREAM_COLLECTOR_METRICS_PORT: String(portOf(setting, "collector-metrics")),
      SLIPSTREAM_COLLECTOR_DATA: queues(setting),
      SLIPSTREAM_AGGREGATOR_ENDPOINT: aggregatorUrl(setting),
      SLIPSTREAM_TOKEN_FILE: setting.tokenFile,
      SLIPSTREAM_PROMETHEUS_ENDPOINT: `${prometheusUrl(setting)}/api/v1/otlp`,
      SLIPSTREAM_TRACE_STORE: `127.0.0.1:${portOf(setting, "jaeger-otlp")}`,
    },
  }),
  isHealthy: (setting) => answers(`http://127.0.0.1:${portOf(setting, "collector-health")}/`),
  trouble(setting) {
    const folder = queues(setting);
    let files: readonly string[];
    try {
      files = readdirSync(folder);
    } catch (error) {
      const { code = "" } = error as NodeJS.ErrnoException;
      return `${folder} cannot be read (${code}), so it is not known whether damaged files of queues were set aside there.`;
    }
    const backups = files.filter((name) => name.endsWith(".backup"));
    if (backups.length === 0) return undefined;
    return `Damaged files of queues were set aside in ${folder}: ${backups.join(", ")}. What waited in them is lost. Look at the disk, and delete them when you are done.`;
  },
  addresses: (setting) => [
    {
      url: otlpUrl(setting),
      what: `Collector: OTEL_EXPORTER_OTLP_ENDPOINT of your services (gRPC: port ${portOf(setting, "otlp-grpc")})`,
    },
  ],
};

import { join } from "node:path";
import { cacheFolder } from "../cache-folder.ts";
import { programPath } from "../install/built-program.ts";
import { goPrograms } from "../install/go-programs.ts";
import { answers, type Part, portOf } from "./part.ts";
import { jaegerUrl } from "./urls.ts";

/** Of the module. The program calls itself Jaeger 2. */
const VERSION = "1.76.0";

export const jaeger: Part = {
  name: "jaeger",
  title: `Jaeger ${VERSION}`,
  ports: {
    jaeger: 16686,
    "jaeger-otlp": 14317,
    "jaeger-grpc": 16685,
    "jaeger-health": 13134,
    "jaeger-metrics": 18888,
  },
  after: [],
  installation: goPrograms({
    what: `Jaeger ${VERSION}`,
    usually: "7 min",
    module: "github.com/jaegertracing/jaeger",
    version: `v${VERSION}`,
    packages: ["cmd/jaeger"],
  }),
  command: (setting) => ({
    program: programPath(cacheFolder(), "jaeger"),
    args: ["--config", join(setting.repository, "jaeger", "config.yaml")],
    env: {
      // They are in memory, beside all the other parts.
      SLIPSTREAM_JAEGER_TRACES: "10000",
      SLIPSTREAM_JAEGER_GRPC_PORT: String(portOf(setting, "jaeger-otlp")),
      SLIPSTREAM_JAEGER_QUERY_PORT: String(portOf(setting, "jaeger")),
      SLIPSTREAM_JAEGER_QUERY_GRPC_PORT: String(portOf(setting, "jaeger-grpc")),
      SLIPSTREAM_JAEGER_HEALTH_PORT: String(portOf(setting, "jaeger-health")),
      SLIPSTREAM_JAEGER_METRICS_PORT: String(portOf(setting, "jaeger-metrics")),
    },
  }),
  isHealthy: (setting) => answers(`http://127.0.0.1:${portOf(setting, "jaeger-health")}/status`),
  addresses: (setting) => [
    {
      url: `${jaegerUrl(setting)}/api/traces?service=trading-desk&limit=1`,
      what: "Jaeger: traces, as JSON",
    },
  ],
};

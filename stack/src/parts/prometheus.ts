import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder } from "../cache-folder.ts";
import { programPath } from "../install/built-program.ts";
import { goPrograms } from "../install/go-programs.ts";
import { answers, type Part, portOf, type Setting } from "./part.ts";
import { prometheusUrl } from "./urls.ts";

const VERSION = "3.14.0";
/** Prometheus 3.14.0 as a Go module. */
const MODULE_VERSION = "v0.314.0";

/** On loopback, for a Prometheus of any version. @param data folder of its files */
export function prometheusArguments(config: string, data: string, port: number): readonly string[] {
  return [
    `--config.file=${config}`,
    `--storage.tsdb.path=${data}`,
    `--web.listen-address=127.0.0.1:${port}`,
    "--enable-feature=exemplar-storage",
  ];
}

/** What prometheus.yml needs beside it. */
export function currentPrometheusArguments(config: string, data: string, port: number): readonly string[] {
  return [...prometheusArguments(config, data, port), "--web.enable-otlp-receiver"];
}

export const prometheus: Part = {
  name: "prometheus",
  title: `Prometheus ${VERSION}`,
  ports: { prometheus: 9090 },
  after: ["alertmanager"],
  installation: goPrograms({
    what: `Prometheus ${VERSION}`,
    usually: "3 min",
    module: "github.com/prometheus/prometheus",
    version: MODULE_VERSION,
    packages: ["cmd/prometheus", "cmd/promtool"],
    // Targets come from files.
    tags: ["remove_all_sd", "enable_file_sd"],
    ldflags: `-X github.com/prometheus/common/version.Version=${VERSION}`,
  }),
  prepare: writePrometheusFiles,
  command: (setting) => ({
    program: programPath(cacheFolder(), "prometheus"),
    args: currentPrometheusArguments(
      join(configFolder(setting), "prometheus.yml"),
      join(setting.data, "prometheus"),
      portOf(setting, "prometheus"),
    ),
  }),
  isHealthy: (setting) => answers(`${prometheusUrl(setting)}/-/ready`),
  addresses: (setting) => [{ url: `${prometheusUrl(setting)}/api/v1/targets`, what: "Prometheus: its API" }],
};

function configFolder({ data }: Setting): string {
  return join(data, "run", "prometheus");
}

/** The repository's configuration, with the addresses and the token of this stack beside it. */
function writePrometheusFiles(setting: Setting): void {
  const from = join(setting.repository, "prometheus");
  const to = configFolder(setting);
  rmSync(to, { recursive: true, force: true });
  for (const folder of ["targets", "secrets"]) mkdirSync(join(to, folder), { recursive: true, mode: 0o700 });
  cpSync(join(from, "prometheus.yml"), join(to, "prometheus.yml"));
  cpSync(join(from, "rules"), join(to, "rules"), { recursive: true });
  cpSync(setting.tokenFile, join(to, "secrets", "aggregator-token"));
  const targets = {
    aggregator: "aggregator",
    collector: "collector-metrics",
    prometheus: "prometheus",
    alertmanager: "alertmanager",
    "trace-store": "jaeger-metrics",
  };
  for (const [file, name] of Object.entries(targets)) {
    const text = `- targets: ["127.0.0.1:${portOf(setting, name)}"]\n`;
    writeFileSync(join(to, "targets", `${file}.yml`), text);
  }
}

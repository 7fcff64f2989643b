import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const program = join(import.meta.dirname, "testing/loaded-modules.main.ts");
const preloaded = import.meta.resolve("@slipstream/testing/print-loaded");

/** Packages, and paths in our own, that a service's main thread, or the monitor's thread, loads for the monitor. */
async function loaded(
  options?: object,
  thread: "main" | "worker" = "main",
): Promise<{ packages: string[]; ours: string[] }> {
  const args = ["--conditions=slipstream-source", program];
  if (options !== undefined) args.push(JSON.stringify(options));
  // By a variable, since threads are started with arguments of their own.
  const env = { ...process.env, OTEL_EXPORTER_OTLP_ENDPOINT: "", NODE_OPTIONS: `--import=${preloaded}` };
  const { stdout } = await promisify(execFile)(process.execPath, args, { env });
  const lines = stdout
    .trim()
    .split("\n")
    .map((line) => line.split(" "));
  const urls = lines.flatMap(([by, url = ""]) => (by === thread ? [url] : []));
  const packageOf = (url: string): string[] =>
    url.match(/\/node_modules\/((?:@[^/]+\/)?[^/]+)/)?.slice(1) ?? [];
  const packages = [...new Set(urls.flatMap(packageOf))].sort();
  return {
    packages,
    ours: urls.flatMap((url) => url.match(/\/packages\/([^/]+\/src\/.*)$/)?.slice(1) ?? []),
  };
}

it("a service that imports the monitor loads the OpenTelemetry API, and of Slipstream only what measures", async () => {
  const { packages, ours } = await loaded();
  expect(packages).toEqual(["@opentelemetry/api"]);
  expect([...new Set(ours.map((path) => path.split("/")[0]))].sort()).toEqual([
    "aggregator",
    "alerts",
    "config",
    "conventions",
    "engine",
    "monitor",
    "stats",
    "telemetry",
  ]);
  // Of these two, descriptions of options, the check of channels, and the supervision of threads.
  const rooms = ours.filter((path) => /^(aggregator|engine)\//.test(path));
  expect(
    rooms.filter(
      (path) =>
        !/options\.ts$|-field\.ts$|lazy-rules\.ts$|\/channels\/c[a-z-]+\.ts$|\/(threads|retry)|boundaries\.ts$/.test(
          path,
        ),
    ),
  ).toEqual([]);
});

it.each([{}, { redis: "redis://127.0.0.1:1" }, { questdb: "http::addr=127.0.0.1:1;" }])(
  "and starting one with %j loads no client of a database, no server and no watcher on the service's thread",
  async (options) => {
    const { packages, ours } = await loaded(options);
    expect(packages).toEqual(["@opentelemetry/api"]);
    expect(
      ours.filter((path) => /\/(watcher|server|intake|log|state|questdb|redis)\/(?!options)/.test(path)),
    ).toEqual([]);
    expect(ours).not.toContain("aggregator/src/index.ts");
  },
);

it("only one with alerts loads what reads rules, and what sends on the engine's thread alone", async () => {
  const alerts = (paths: string[]) =>
    paths.filter((path) => /\/alerts\/(deliver|http)\/|^alerts\/src\/index/.test(path));
  const without = await loaded({});
  expect(alerts(without.ours)).toEqual([]);
  const options = { channels: { here: { type: "console" } } };
  expect(alerts((await loaded(options)).ours)).toEqual(["alerts/src/index.ts"]);
  expect((await loaded(options, "main")).packages).toEqual(["@opentelemetry/api"]);
  const worker = await loaded(options, "worker");
  expect(worker.ours).toContain("aggregator/src/lib/alerts/deliver/deliverer.ts");
  expect(worker.packages).not.toContain("undici");
  expect(worker.ours.filter((path) => /^aggregator\/.*\/(state|server|intake|redis)\//.test(path))).toEqual(
    [],
  );
  const idle = await loaded({}, "worker");
  expect(idle.ours.filter((path) => /aggregator\/.*\/(deliver|channels|outbox)\//.test(path))).toEqual([]);
});

it("one that exports loads the OpenTelemetry SDK, when it starts", async () => {
  const { packages } = await loaded({ endpoint: "http://127.0.0.1:1" });
  expect(packages).toContain("@opentelemetry/sdk-trace-node");
  expect(packages.filter((name) => !name.startsWith("@opentelemetry/"))).toEqual([]);
});

it("the monitor's thread loads no schema library, no decoder of OTLP and no database client", async () => {
  const { packages, ours } = await loaded({}, "worker");
  expect(ours).toContain("monitor/src/lib/engine.worker.ts");
  expect(packages).toEqual(["@scure/base"]);
  expect(ours.filter((path) => /^otlp\/|^aggregator\/.*\/(redis|questdb|state)\//.test(path))).toEqual([]);
});

import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { testFolder } from "@slipstream/testing/folders";
import { expect, it } from "vitest";

const program = join(import.meta.dirname, "testing/loaded-modules.main.ts");
const preloaded = import.meta.resolve("@slipstream/testing/print-loaded");

interface Loaded {
  readonly packages: readonly string[];
  /** Paths of our own files, from the folder of packages on. */
  readonly ours: readonly string[];
  /** Node's own, of the main thread. */
  readonly builtIn: readonly string[];
}

/** What a kind of thread of an aggregator loads. */
async function loaded(options: object, thread: "main" | "worker"): Promise<Loaded> {
  const all = { dataDir: testFolder(), host: "127.0.0.1", port: 0, ...options };
  const args = ["--conditions=slipstream-source", program, JSON.stringify(all)];
  // By a variable, since threads are started with arguments of their own.
  const env = { ...process.env, NODE_OPTIONS: `--import=${preloaded}` };
  const { stdout } = await promisify(execFile)(process.execPath, args, { env, maxBuffer: 2 ** 24 });
  const urls = stdout.split("\n").flatMap((line) => {
    const [by, url = ""] = line.split(" ");
    return by === thread ? [url] : [];
  });
  const packageOf = (url: string): readonly string[] =>
    /\/(?:node_modules|packages)\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.slice(1) ?? [];
  return {
    packages: [...new Set(urls.flatMap(packageOf))],
    builtIn: urls.flatMap((url) => /^node:(.*)$/.exec(url)?.slice(1) ?? []),
    ours: urls.flatMap((url) => /\/packages\/([^/]+\/src\/.*)$/.exec(url)?.slice(1) ?? []),
  };
}

it("loads no client of a store that is not configured, and nothing that reads blocks or makes reports", async () => {
  const { packages, ours } = await loaded({}, "main");
  expect(packages).toContain("engine");
  expect(packages.filter((name) => /^(ioredis|pg|@questdb\/.*)$/.test(name))).toEqual([]);
  expect(ours).toContain("mev/src/verdicts.ts");
  const unused =
    /^(mev\/src\/(index|lib\/(programs|advice)\/)|solana\/src\/(block|lib\/block\/bytes)|.*\/explain-trade\.ts)/;
  expect(ours.filter((path) => unused.test(path))).toEqual([]);
});

it("loads none of Node's own HTTP client, which costs more than all packages together", async () => {
  const { builtIn } = await loaded({}, "main");
  expect(builtIn).toContain("_http_server");
  expect(builtIn.filter((name) => name.includes("undici"))).toEqual([]);
});

it("loads the client of Redis if there is one", async () => {
  expect((await loaded({ redis: "redis://127.0.0.1:1" }, "main")).packages).toContain("ioredis");
});

it("has threads of the log and of the state that load no engine's statistics, no swaps, no decoder and no schema library", async () => {
  const { packages } = await loaded({}, "worker");
  expect(packages).toContain("aggregator");
  expect(packages.filter((name) => /^(mev|solana|otlp|cli|zod)$/.test(name))).toEqual([]);
});

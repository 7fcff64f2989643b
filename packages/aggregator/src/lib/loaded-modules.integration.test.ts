import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { testFolder } from "@slipstream/testing/folders";
import { expect, it } from "vitest";

const program = join(import.meta.dirname, "testing/loaded-modules.main.ts");
const preloaded = import.meta.resolve("@slipstream/testing/print-loaded");

/** Packages that the threads of an aggregator load. */
async function loaded(options: object, thread: "main" | "worker"): Promise<ReadonlySet<string>> {
  const all = { dataDir: testFolder(), host: "127.0.0.1", port: 0, ...options };
  const args = ["--conditions=slipstream-source", program, JSON.stringify(all)];
  // By a variable, since threads are started with arguments of their own.
  const env = { ...process.env, NODE_OPTIONS: `--import=${preloaded}` };
  const { stdout } = await promisify(execFile)(process.execPath, args, { env, maxBuffer: 2 ** 24 });
  const urls = stdout.split("\n").flatMap((line) => {
    const [by, url = ""] = line.split(" ");
    return by === thread ? [url] : [];
  });
  return new Set(
    urls.flatMap((url) => /\/(?:node_modules|packages)\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? []),
  );
}

it("loads no client of a store that is not configured", async () => {
  const packages = await loaded({}, "main");
  expect([...packages]).toContain("engine");
  expect([...packages].filter((name) => /^(ioredis|pg|@questdb\/.*)$/.test(name))).toEqual([]);
});

it("loads the client of Redis if there is one", async () => {
  expect([...(await loaded({ redis: "redis://127.0.0.1:1" }, "main"))]).toContain("ioredis");
});

it("has threads of the log and of the state that load no engine's statistics, no swaps and no decoder", async () => {
  const packages = await loaded({}, "worker");
  expect([...packages]).toContain("aggregator");
  expect([...packages].filter((name) => /^(mev|solana|otlp|cli)$/.test(name))).toEqual([]);
});

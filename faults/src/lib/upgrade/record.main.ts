import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { chainOf, tailChain } from "./load/chain.ts";
import { END_MS, ENGINE, type Request, requestsOf, tailRequests } from "./load/requests.ts";
import { PARTS } from "./load/trades.ts";

/*
 * Records a data folder and what its aggregator reported of it, as a fixture of the upgrade test:
 *
 *   node --conditions=slipstream-source faults/src/lib/upgrade/record.main.ts CHECKOUT NAME
 *
 * CHECKOUT is a folder of this repository, with its dependencies installed, at the commit whose format is to be
 * recorded. See docs/upgrade.md.
 */

const [checkout = "", name = ""] = process.argv.slice(2);
if (!existsSync(join(checkout, "packages")) || name === "") {
  process.stderr.write("Usage: record.main.ts CHECKOUT NAME\n");
  process.exit(2);
}

const LIB = join(resolve(checkout), "packages/aggregator/src");
const OUT = join(import.meta.dirname, "fixtures", name);
/** Statistics of the aggregator's process, not of the desk. */
const OWN = /^#|^(process|nodejs)_|^slipstream_(sink|log|build|chain_watched|mev_fee_return)/;

// Folders have changed names since.
const hasChain =
  existsSync(join(LIB, "lib/engine/mev/chain-body.ts")) || existsSync(join(LIB, "lib/log/records"));
const hasState = existsSync(join(LIB, "lib/store")) || existsSync(join(LIB, "lib/state"));

// The parts of old aggregators that are needed, whatever else they are.
interface Aggregator {
  readonly url: string;
  current(): unknown;
  close(): Promise<void>;
}

const { createAggregator } = (await import(pathToFileURL(join(LIB, "index.ts")).href)) as {
  createAggregator: (options: object) => Promise<Aggregator>;
};

const work = mkdtempSync(join(tmpdir(), "slipstream-record-"));
const dataDir = join(work, "data");
let nowMs = 0;

try {
  for (let part = 0; part < PARTS; part += 1) {
    await send(requestsOf(part));
    if (hasChain) {
      const receivedMs = nowMs + 1_000;
      await append(chainOf(part).map((body) => chain(receivedMs, body)));
    }
  }
  // Applied, and so part of a checkpoint.
  await send([]);
  if (hasState) {
    const records = tailRequests().map(({ receivedMs, body }) => {
      return { kind: "traces", receivedMs, format: "json", compression: "none", body: jsonOf(body) };
    });
    await append(records);
    if (hasChain) await append([chain(END_MS - 1_000, tailChain())]);
  }
  rmSync(OUT, { recursive: true, force: true });
  pack(dataDir);
  nowMs = END_MS;
  cpSync(dataDir, join(work, "again"), { recursive: true });
  const aggregator = await start(join(work, "again"));
  const metrics = await (await fetch(`${aggregator.url}/metrics`)).text();
  const expected = {
    current: aggregator.current(),
    metrics: metrics.split("\n").filter((line) => line !== "" && !OWN.test(line)),
  };
  await aggregator.close();
  writeFileSync(join(OUT, "expected.json"), `${JSON.stringify(expected, null, 1)}\n`);
} finally {
  rmSync(work, { recursive: true, force: true });
}

function start(folder: string): Promise<Aggregator> {
  return createAggregator({
    dataDir: folder,
    port: 0,
    now: () => nowMs,
    // Old versions take them as `engine`.
    engine: ENGINE,
    ...ENGINE,
  });
}

/** To an aggregator that is started for it and ended in good order: it writes a checkpoint then. */
async function send(requests: readonly Request[]): Promise<void> {
  nowMs = requests[0]?.receivedMs ?? nowMs + 2_000;
  const aggregator = await start(dataDir);
  for (const [at, { path, receivedMs, body }] of requests.entries()) {
    nowMs = receivedMs;
    const json = jsonOf(body);
    const headers = {
      "content-type": "application/json",
      ...(at % 2 === 0 ? {} : { "content-encoding": "gzip" }),
    };
    const answer = await fetch(aggregator.url + path, {
      method: "POST",
      headers,
      body: at % 2 === 0 ? json : gzipSync(json),
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  }
  await aggregator.close();
}

/** To the log alone, while no aggregator runs. */
async function append(records: readonly object[]): Promise<void> {
  const { openLog } = (await import(pathToFileURL(join(LIB, "lib/log/open-log.ts")).href)) as {
    openLog: (
      options: object,
    ) => Promise<{ append(record: object): Promise<number>; close(): Promise<void> }>;
  };
  const log = await openLog({ directory: dataDir });
  for (const record of records) await log.append(record);
  await log.close();
}

function chain(receivedMs: number, body: object): object {
  return { kind: "chain", receivedMs, format: null, compression: null, body: jsonOf(body) };
}

function jsonOf(body: object): Buffer<ArrayBuffer> {
  return Buffer.from(JSON.stringify(body));
}

/** Each file compressed by itself. */
function pack(folder: string): void {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || entry.name.includes("lock") || entry.name.endsWith("-shm")) continue;
    const file = join(entry.parentPath, entry.name);
    const packed = join(OUT, `${relative(folder, file)}.gz`);
    mkdirSync(dirname(packed), { recursive: true });
    const bytes = readFileSync(file);
    if (bytes.length > 0) writeFileSync(packed, gzipSync(bytes, { level: 9 }));
  }
}

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { attribute } from "@slipstream/conventions";
import { Engine } from "@slipstream/engine";
import { statistic } from "@slipstream/testing/engine/run";
import { traces, trade } from "@slipstream/testing/engine/spans";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { decodeChain } from "../log/records/chain.ts";
import { decodeRecord } from "../log/records/decode-record.ts";
import type { BlockSourceSettings } from "./block-source.ts";
import { Watcher } from "./watcher.ts";

const SLOT = 285_000_100;
const KEY = "very-secret";
const patience = { timeout: 20_000, interval: 20 };

type Answer = { readonly status?: number; readonly body?: unknown; readonly hang?: boolean };

/** A node that answers as it is told. */
class Node {
  readonly asked: number[] = [];
  readonly options: unknown[] = [];
  finalized = SLOT + 100;
  /** It does not even tell how far the chain is. */
  away = false;
  answer: (slot: number) => Answer = (slot) => ({ body: { result: emptyBlock(slot) } });
  readonly #server: Server = createServer((request, response) => {
    void textOf(request).then((text) => {
      const { method, params } = JSON.parse(text);
      if (this.away) {
        response.writeHead(503).end();
        return;
      }
      if (method === "getSlot") {
        response.end(JSON.stringify({ jsonrpc: "2.0", id: 1, result: this.finalized }));
        return;
      }
      if (method === "getSignatureStatuses") {
        const value = params[0].map((one: string) => (one === "unplaced" ? { slot: SLOT } : null));
        response.end(JSON.stringify({ jsonrpc: "2.0", id: 1, result: { context: {}, value } }));
        return;
      }
      this.asked.push(params[0]);
      this.options.push(params[1]);
      const { status = 200, body, hang } = this.answer(params[0]);
      if (hang !== true)
        response.writeHead(status).end(JSON.stringify({ jsonrpc: "2.0", id: 1, ...(body as object) }));
    });
  });

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/?key=${KEY}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function emptyBlock(slot: number): object {
  return { blockTime: 1_700_000_000, parentSlot: slot - 1, rewards: [], transactions: [] };
}

let node: Node;
let engine: Engine;
let watcher: Watcher | undefined;
let bodies: string[];
let refusals: string[];

beforeEach(() => {
  node = new Node();
  engine = new Engine();
  bodies = [];
  refusals = [];
});
afterEach(async () => {
  await watcher?.close();
  watcher = undefined;
  await node.close();
});

function watch(source: BlockSourceSettings, blocksPerSecond?: number): Watcher {
  watcher = new Watcher({
    source,
    blocksPerSecond,
    wants: () => engine.verdicts,
    commit: async (record) => {
      bodies.push(Buffer.from(record.body).toString());
      engine.apply(decodeRecord(record));
    },
    onRefused: (reason) => refusals.push(reason),
    now: Date.now,
  });
  return watcher;
}

async function rpc(timeoutMs = 2_000): Promise<BlockSourceSettings> {
  return { kind: "rpc", url: await node.listen(), timeoutMs };
}

function send(signature = "own", slot = SLOT): void {
  engine.apply(
    traces([
      trade(Date.now(), {
        [attribute.tradeId]: signature,
        [attribute.solanaSignature]: signature,
        [attribute.solanaSlot]: slot,
      }),
    ]),
  );
}

describe("a watcher of a node", () => {
  test("asks for the slots around a trade and for no other", async () => {
    watch(await rpc());
    send();
    await vi.waitUntil(() => node.asked.length >= 7 && engine.verdicts.wanted(10).length === 0, patience);
    expect([...new Set(node.asked)].sort()).toEqual([-3, -2, -1, 0, 1, 2, 3].map((off) => SLOT + off));
    expect(watcher?.status()).toMatchObject({ up: true, dropped: 0 });
    expect(bodies.join()).not.toContain(KEY);
  });

  test("tells of skipped slots, and of those the node has no longer", async () => {
    node.answer = (slot) => ({ body: { error: { code: slot < SLOT ? -32_009 : -32_001, message: KEY } } });
    const told = watch(await rpc());
    send();
    await vi.waitUntil(() => told.status().dropped === 4, patience);
    const failed = bodies.map((body) => decodeChain(Buffer.from(body))).flatMap(({ failed }) => failed);
    expect(failed.map(({ slot }) => slot).sort()).toEqual([SLOT, SLOT + 1, SLOT + 2, SLOT + 3]);
    expect(failed[0]?.reason).toBe("the node no longer has it");
    expect(engine.verdicts.wanted(10)).not.toContain(SLOT - 1);
    expect(bodies.join()).not.toContain(KEY);
  });

  test("tells what the node answered, though the last attempt got no answer", async () => {
    let attempts = 0;
    node.answer = (slot) => {
      if (slot !== SLOT) return { body: { result: emptyBlock(slot) } };
      attempts += 1;
      return attempts === 5 ? { body: "cut" } : { body: { error: { code: -32_001, message: KEY } } };
    };
    const told = watch(await rpc());
    send();
    await vi.waitUntil(() => told.status().dropped === 1, patience);
    const failed = bodies.map((body) => decodeChain(Buffer.from(body))).flatMap((one) => one.failed);
    expect(failed).toEqual([{ slot: SLOT, reason: "the node no longer has it" }]);
    expect(attempts).toBe(5);
  });

  test("says once that blocks are too new to be read, and does not retry them", async () => {
    const message = "Transaction version (2) is not supported by the requesting client";
    node.answer = (slot) => ({
      body: slot === SLOT ? { error: { code: -32_015, message } } : { result: emptyBlock(slot) },
    });
    const told = watch(await rpc());
    send();
    await vi.waitUntil(() => told.status().dropped === 1 && node.asked.length >= 7, patience);
    const reason =
      "it holds a transaction of version 2, and this Slipstream reads up to version 1: update Slipstream";
    expect(refusals).toEqual([reason]);
    expect(told.status()).toMatchObject({ up: true, lastError: reason });
    const failed = bodies.map((body) => decodeChain(Buffer.from(body))).flatMap((one) => one.failed);
    expect(failed).toEqual([{ slot: SLOT, reason }]);
    expect(node.asked.filter((slot) => slot === SLOT)).toHaveLength(1);
  });

  test("asks for the newest transactions that are read", async () => {
    watch(await rpc());
    send();
    await vi.waitUntil(() => node.options.length > 0, patience);
    expect(node.options[0]).toMatchObject({ maxSupportedTransactionVersion: 1 });
  });

  test("tries on where the node fails or hangs, and says why without the URL", async () => {
    node.answer = () => ({ status: 500, body: {} });
    const told = watch(await rpc(300));
    send();
    await vi.waitUntil(() => told.status().lastError === "getBlock: the node answered 500", patience);
    expect(told.status().up).toBe(false);
    node.answer = () => ({ hang: true });
    await vi.waitUntil(() => told.status().lastError === "getBlock: no answer within 300 ms", patience);
    node.answer = (slot) => ({ body: { result: emptyBlock(slot) } });
    await vi.waitUntil(() => engine.verdicts.wanted(10).length === 0, patience);
    expect(told.status()).toMatchObject({ up: true });
  });

  test("asks again for what was no block, for another answer may be one", async () => {
    let wrong = 2;
    const { transactions: _, ...noBlock } = emptyBlock(SLOT) as { transactions: object[] };
    node.answer = (slot) => ({ body: { result: slot === SLOT && wrong-- > 0 ? noBlock : emptyBlock(slot) } });
    const told = watch(await rpc());
    send();
    await vi.waitUntil(() => node.asked.length >= 9 && engine.verdicts.wanted(10).length === 0, patience);
    expect(node.asked.filter((slot) => slot === SLOT).length).toBeGreaterThanOrEqual(3);
    expect(told.status()).toMatchObject({ up: true, dropped: 0 });
  });

  test("tells after some failures that a slot cannot be read, and asks on", async () => {
    let failures = 0;
    node.answer = (slot) => {
      if (slot !== SLOT || failures++ >= 5) return { body: { result: emptyBlock(slot) } };
      return { body: { result: { long: "x".repeat(5_000) } } };
    };
    const told = watch(await rpc());
    send();
    await vi.waitUntil(() => told.status().dropped === 1, patience);
    const failed = bodies.map((body) => decodeChain(Buffer.from(body))).flatMap((one) => one.failed);
    expect(failed).toEqual([{ slot: SLOT, reason: expect.stringContaining("it is no block") }]);
    expect(engine.verdicts.wanted(10)).toEqual([SLOT]);
    // By hand: the time until then is half a minute.
    node.away = true;
    await vi.waitUntil(() => told.status().lastError === "getSlot: the node answered 503", patience);
    node.away = false;
    await vi.waitUntil(() => engine.verdicts.wanted(10).length === 0, patience);
  });

  test("finds the slot of a trade that does not say it", async () => {
    watch(await rpc());
    for (const signature of ["lost", "unplaced"]) {
      const attributes = { [attribute.tradeId]: signature, [attribute.solanaSignature]: signature };
      engine.apply(traces([trade(Date.now(), attributes)]));
    }
    await vi.waitUntil(() => node.asked.length >= 7 && engine.verdicts.wanted(10).length === 0, patience);
    expect([...new Set(node.asked)].sort()).toEqual([-3, -2, -1, 0, 1, 2, 3].map((off) => SLOT + off));
    expect(engine.verdicts.unplaced(10)).toEqual(["lost"]);
  });

  test("asks no faster than it may", async () => {
    node.answer = () => ({ body: { error: { code: -32_004, message: "not yet" } } });
    const beganMs = performance.now();
    watch(await rpc(), 5);
    send();
    await vi.waitUntil(() => node.asked.length >= 15, patience);
    expect(performance.now() - beganMs).toBeGreaterThan(1_900);
  });

  test("does not ask for what is not there yet", async () => {
    node.finalized = SLOT - 2;
    watch(await rpc());
    send();
    await vi.waitUntil(() => node.asked.length >= 2, patience);
    expect(Math.max(...node.asked)).toBe(SLOT - 2);
    node.finalized = SLOT + 3;
    await vi.waitUntil(() => engine.verdicts.wanted(10).length === 0, patience);
  });
});

test("a folder of recorded blocks is as good as a node", async () => {
  const directory = mkdtempSync(join(tmpdir(), "blocks-"));
  try {
    const told = watch({ kind: "folder", directory });
    send();
    await vi.waitUntil(() => told.status().up === false, patience);
    expect(told.status().lastError).toContain("holds no SLOT.json");
    for (let off = -3; off <= 3; off += 1) {
      const text = off === 1 ? "null" : JSON.stringify({ ...emptyBlock(SLOT + off) });
      writeFileSync(join(directory, `${SLOT + off}.json`), text);
    }
    await vi.waitUntil(() => engine.verdicts.wanted(10).length === 0, patience);
    expect(told.status()).toMatchObject({ up: true });
    expect(statistic(engine, "mev_detection_rate").count).toBe(0);
    writeFileSync(join(directory, `${SLOT + 20}.json`), "{}");
    send("late", SLOT + 20);
    await vi.waitUntil(() => bodies.some((body) => body.includes("it is no block")), patience);
  } finally {
    rmSync(directory, { recursive: true });
  }
});

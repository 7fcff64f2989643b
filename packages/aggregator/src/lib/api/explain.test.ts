import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { attribute, spanName } from "@slipstream/conventions";
import type { Explanation } from "@slipstream/mev";
import { builtBlock, simpleSwap, tip } from "@slipstream/testing/build-block";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createAggregator } from "../aggregator.ts";
import type { Aggregator } from "../aggregator-options.ts";
import { IN_MEMORY } from "../data-folder.ts";

const SLOT = 44;
const token = "secret";

const blocksDir = mkdtempSync(join(tmpdir(), "slipstream-blocks-"));
let aggregator: Aggregator;
beforeAll(async () => {
  const own = simpleSwap({ signatures: ["own"] });
  const block = builtBlock({ ...own, instructions: [...own.instructions, tip(7n)] });
  // The slots after it are not there, so its verdict stays provisional.
  writeFileSync(join(blocksDir, `${SLOT}.json`), JSON.stringify(block));
  aggregator = await createAggregator({ dataDir: IN_MEMORY, blocksDir, port: 0, token });
  await send([
    [1, { [attribute.tradeId]: "waits", [attribute.solanaSignature]: "own", [attribute.solanaSlot]: SLOT }],
    [2, { [attribute.tradeId]: "silent" }],
    [3, { [attribute.tradeId]: "twice-a", [attribute.solanaSignature]: "twice" }],
    [4, { [attribute.tradeId]: "twice-b", [attribute.solanaSignature]: "twice" }],
    [
      5,
      { [attribute.tradeId]: "lost", [attribute.solanaSignature]: "lost", [attribute.tradeStatus]: "failed" },
    ],
  ]);
});
afterAll(async () => {
  await aggregator.close();
  rmSync(blocksDir, { recursive: true });
});

async function send(trades: readonly (readonly [number, Record<string, string | number>])[]): Promise<void> {
  const nowNs = `${Date.now()}000000`;
  const spans = trades.map(([number, attributes]) => ({
    traceId: String(number).padStart(32, "0"),
    spanId: String(number).padStart(16, "0"),
    name: spanName.tradeExecute,
    startTimeUnixNano: nowNs,
    endTimeUnixNano: nowNs,
    attributes: Object.entries({ [attribute.tradeStatus]: "success", ...attributes }).map(([key, value]) => ({
      key,
      value: typeof value === "number" ? { intValue: String(value) } : { stringValue: value },
    })),
  }));
  const response = await fetch(`${aggregator.url}/v1/traces`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] }),
  });
  expect(response.status).toBe(200);
}

function ask(trade: string, given = token): Promise<Response> {
  const query = new URLSearchParams({ trade });
  const headers = { authorization: `Bearer ${given}` };
  return fetch(`${aggregator.url}/api/mev/explain?${query}`, { headers });
}

describe("/api/mev/explain", () => {
  test.each(["waits", "own", "1".padStart(32, "0")])("explains a trade that waits (%s)", async (name) => {
    await expect
      .poll(async () => ((await (await ask(name)).json()) as Explanation).swaps?.length, { timeout: 20_000 })
      .toBe(1);
    const explanation = (await (await ask(name)).json()) as Explanation;
    expect(explanation).toMatchObject({
      trade: { id: "waits", signature: "own", protection: "jito", protectionSource: "tip" },
      verdict: { verdict: "clean", state: "provisional", confidence: "low" },
      source: "aggregator",
      swaps: [{ role: "own", id: "own:0", tips: [{ service: "jito", lamports: "7" }] }],
    });
    const seen = new Map(explanation.slots.map((slot) => [slot.slot - SLOT, slot.seen]));
    expect([-2, -1, 0, 1].map((off) => seen.get(off))).toEqual(["skipped", "skipped", "pools", "missing"]);
  });

  test.each([
    ["nobody", 404, "trade_unknown", "slipstream history trades"],
    ["silent", 404, "no_verdict", "Set solana.signature"],
    ["lost", 404, "no_verdict", "never reached the chain"],
    ["twice", 409, "trade_ambiguous", "twice-a, twice-b"],
  ])("of %s answers %i, with the remedy", async (name, status, code, remedy) => {
    await expect.poll(async () => (await ask(name)).status, { timeout: 20_000 }).toBe(status);
    const answer = await ask(name);
    expect(await answer.json()).toMatchObject({
      error: { code, field: "trade", message: expect.stringContaining(remedy) },
    });
  });

  test("is closed", async () => {
    expect((await ask("waits", "wrong")).status).toBe(401);
  });
});

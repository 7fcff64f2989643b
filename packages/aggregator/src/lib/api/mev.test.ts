import { join } from "node:path";
import { attribute, spanName } from "@slipstream/conventions";
import { testFolder } from "@slipstream/testing/folders";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createAggregator } from "../aggregator.ts";
import type { Aggregator } from "../aggregator-options.ts";
import { IN_MEMORY } from "../data-folder.ts";
import { STATE_FILE } from "../history/embedded-reader.ts";
import type { MevReport } from "../mev-report/report.ts";
import { DatabaseSync } from "../sqlite.ts";

let aggregator: Aggregator;
beforeAll(async () => {
  aggregator = await createAggregator({ dataDir: IN_MEMORY, port: 0, token: "secret" });
});
afterAll(() => aggregator.close());

/** Sends a trade `t` that ends now. */
async function sendTrade({ url }: Aggregator): Promise<void> {
  const nowNs = `${Date.now()}000000`;
  const attributes = [
    { key: attribute.tradeId, value: { stringValue: "t" } },
    { key: attribute.tradePair, value: { stringValue: "SOL/USDC" } },
  ];
  const span = {
    traceId: "0".repeat(31) + 1,
    spanId: "0".repeat(15) + 1,
    name: spanName.tradeExecute,
    attributes,
  };
  const body = {
    resourceSpans: [
      { scopeSpans: [{ spans: [{ ...span, startTimeUnixNano: nowNs, endTimeUnixNano: nowNs }] }] },
    ],
  };
  const headers = { authorization: "Bearer secret", "content-type": "application/json" };
  await fetch(`${url}/v1/traces`, { method: "POST", headers, body: JSON.stringify(body) });
}

function get(path: string, token = "secret"): Promise<Response> {
  return fetch(aggregator.url + path, { headers: { authorization: `Bearer ${token}` } });
}

describe("/api/mev", () => {
  test("tells of no trades where there are none", async () => {
    const answer = await get("/api/mev");
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({
      by: "pair",
      truncated: false,
      missing: null,
      overall: { trades: 0, avoidance: { value: null, reason: "no trade was attacked" } },
      groups: [],
      attackers: [],
    });
  });

  test("counts trades without a verdict as unknown", async () => {
    await sendTrade(aggregator);
    await expect
      .poll(async () => ((await (await get("/api/mev?by=hour")).json()) as MevReport).overall, {
        timeout: 10_000,
      })
      .toMatchObject({ trades: 1, unknown: 1, impacted: 0 });
  });

  test.each([
    ["/api/mev?by=colour", "by"],
    ["/api/mev?from=yesterday", "from"],
    ["/api/mev?from=2026-01-02&to=2026-01-01", "from"],
    ["/api/advice?pair=SOL/USDC&urgency=high", "sizeUsd"],
    ["/api/advice?pair=SOL/USDC&urgency=high&sizeUsd=-1", "sizeUsd"],
    ["/api/advice?pair=SOL/USDC&sizeUsd=1000&slippageBps=0", "slippageBps"],
    ["/api/advice?pair=SOL/USDC&sizeUsd=1000&slippageBps=1%25", "slippageBps"],
  ])("%s is refused, and %s named", async (path, field) => {
    const answer = await get(path);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: { code: "bad_query", field } });
  });

  test("is for those who carry the token", async () => {
    expect((await get("/api/mev", "wrong")).status).toBe(401);
    expect((await get("/api/advice?pair=x&sizeUsd=1", "wrong")).status).toBe(401);
  });
});

test("trades that cannot be read are reported, with their time", async () => {
  const dataDir = testFolder();
  const own = await createAggregator({ dataDir, port: 0, token: "secret" });
  const ask = (path: string): Promise<Response> =>
    fetch(own.url + path, { headers: { authorization: "Bearer secret" } });
  try {
    await sendTrade(own);
    await expect
      .poll(async () => ((await (await ask("/api/mev")).json()) as MevReport).overall, { timeout: 10_000 })
      .toMatchObject({ trades: 1 });
    const file = new DatabaseSync(join(dataDir, STATE_FILE), { timeout: 5_000 });
    file.exec("UPDATE trade_rows SET data = zeroblob(length(data))");
    file.close();
    for (const path of ["/api/mev", "/api/advice?pair=SOL/USDC&sizeUsd=1"]) {
      const answer = await ask(path);
      expect([path, answer.status]).toEqual([path, 200]);
      const time = expect.stringMatching(/^20.*Z$/);
      expect(await answer.json()).toMatchObject({ missing: { trades: 1, from: time, to: time } });
    }
    const explanation = await ask("/api/mev/explain?trade=t");
    expect(explanation.status).toBe(500);
    expect(await explanation.json()).toMatchObject({
      error: { code: "history_damaged", message: expect.stringMatching(/damaged .* may be one of them/) },
    });
    const before = await ask("/api/mev?from=2020-01-01&to=2021-01-01");
    expect(await before.json()).toMatchObject({ missing: null });
  } finally {
    await own.close();
  }
});

test.each([
  ["&urgency=high", { urgency: "high", slippageBps: null }],
  ["&slippageBps=50", { urgency: null, slippageBps: 50 }],
  ["", { urgency: null, slippageBps: null }],
])("/api/advice%s says how little is known", async (more, asked) => {
  const answer = await get(`/api/advice?pair=SOL/USDC&sizeUsd=1000${more}`);
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({
    ...asked,
    advice: null,
    reason: expect.stringContaining("not enough data (n = "),
  });
});

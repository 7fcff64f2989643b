import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { attribute, spanName } from "@slipstream/conventions";
import type { Explanation, MevRecord } from "@slipstream/mev";
import { builtBlock, simpleSwap, tip } from "@slipstream/testing/build-block";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { createAggregator } from "../aggregator.ts";
import type { Aggregator } from "../aggregator-options.ts";
import { routes } from "../api/routes.ts";
import { IN_MEMORY } from "../data-folder.ts";
import { fieldsOf } from "../docs/schema-fields.ts";
import type { JudgedTrade } from "../mev-report/judged-trade.ts";
import { mevReport } from "../mev-report/report.ts";
import type { OpenApiDocument, Operation } from "./document.ts";

const SLOT = 44;
const token = "secret";
const authorization = `Bearer ${token}`;
const blocksDir = mkdtempSync(join(tmpdir(), "slipstream-blocks-"));
let aggregator: Aggregator;
let document: OpenApiDocument;

beforeAll(async () => {
  const own = simpleSwap({ signatures: ["own"] });
  const block = builtBlock({ ...own, instructions: [...own.instructions, tip(7n)] });
  writeFileSync(join(blocksDir, `${SLOT}.json`), JSON.stringify(block));
  aggregator = await createAggregator({ dataDir: IN_MEMORY, blocksDir, port: 0, token });
  document = (await (await get("/api/openapi.json")).json()) as OpenApiDocument;
  const trades = Array.from({ length: 40 }, (_, i) => span(i + 1, `trade-${i}`));
  expect((await post("/v1/traces", { resourceSpans: [resource(trades)] })).status).toBe(200);
});
afterAll(async () => {
  await aggregator.close();
  rmSync(blocksDir, { recursive: true });
});

function span(number: number, id: string): object {
  const now = BigInt(Date.now()) * 1_000_000n;
  const value = (of: string | number | bigint) => {
    if (typeof of === "bigint") return { intValue: String(of) };
    return typeof of === "number" ? { doubleValue: of } : { stringValue: of };
  };
  const attributes = {
    [attribute.tradeId]: id,
    [attribute.tradePair]: "SOL/USDC",
    [attribute.tradeStatus]: number % 5 === 0 ? "failed" : "success",
    [attribute.tradeSizeUsd]: 100,
    [attribute.tradePnlUsd]: 0.5,
    [attribute.tradeQuotedOut]: "100",
    [attribute.tradeActualOut]: "100",
    [attribute.slipstreamSeq]: BigInt(2 * number),
    ...(number === 1 ? { [attribute.solanaSignature]: "own", [attribute.solanaSlot]: BigInt(SLOT) } : {}),
  };
  return {
    traceId: String(number).padStart(32, "0"),
    spanId: String(number).padStart(16, "0"),
    name: spanName.tradeExecute,
    startTimeUnixNano: String(now - 50_000_000n),
    endTimeUnixNano: String(now),
    attributes: Object.entries(attributes).map(([key, of]) => ({ key, value: value(of) })),
  };
}

function resource(spans: readonly object[]): object {
  const attributes = [{ key: "service.name", value: { stringValue: "desk" } }];
  return { resource: { attributes }, scopeSpans: [{ spans }] };
}

function get(path: string, headers: Record<string, string> = { authorization }): Promise<Response> {
  return fetch(aggregator.url + path, { headers });
}

function post(path: string, body: unknown): Promise<Response> {
  const headers = { authorization, "content-type": "application/json" };
  return fetch(aggregator.url + path, { method: "POST", headers, body: JSON.stringify(body) });
}

function operation(method: string, path: string): Operation {
  return document.paths[path]?.[method] ?? expect.fail(`${method} ${path} is not in the document`);
}

/** Parses an answer by the schema that the served document has for it. */
async function expectDescribed(method: "get" | "post", path: string, response: Response): Promise<unknown> {
  const { responses } = operation(method, path.replace(/\?.*/, ""));
  const described = responses[response.status] ?? responses.default;
  const type = (response.headers.get("content-type") ?? "").replace(/;.*/, "");
  const schema = described?.content[type]?.schema ?? expect.fail(`${type} is not described`);
  const body = type === "application/json" ? await response.json() : await response.text();
  // References are to the document, so they are resolved in it.
  const $defs = document.components.schemas;
  const text = JSON.stringify({ ...schema, $defs }).replaceAll("#/components/schemas/", "#/$defs/");
  const { error } = z.fromJSONSchema(JSON.parse(text)).safeParse(body);
  expect(error === undefined ? "" : z.prettifyError(error)).toBe("");
  return body;
}

describe("answers are as the served document says:", () => {
  test.each([
    "/api/current",
    "/metrics",
    "/healthz",
    "/readyz",
    "/api/openapi.json",
    "/api/history?statistic=success_rate",
    "/api/history?statistic=latency",
    "/api/mev",
    "/api/mev?by=hour",
    "/api/advice?pair=SOL/USDC&sizeUsd=1000&slippageBps=50",
    "/api/alerts",
    "/api/silences",
  ])("GET %s", async (path) => {
    const response = await get(path);
    expect(response.status).toBe(200);
    await expectDescribed("get", path, response);
  });

  test("statistics, once there are some", async () => {
    const known = async () => {
      const { statistics } = (await (await get("/api/current")).json()) as {
        statistics: Record<string, { interval?: object }>;
      };
      return statistics.success_rate?.interval;
    };
    await expect.poll(known, { timeout: 20_000 }).toBeDefined();
    const body = await expectDescribed("get", "/api/current", await get("/api/current"));
    expect(body).toMatchObject({
      statistics: { success_rate: { interval: { kind: "wilson95" } } },
      services: { desk: { missing: expect.any(Number), gaps: expect.any(Array) } },
    });
  });

  test("a verdict explained", async () => {
    const path = "/api/mev/explain?trade=trade-0";
    const evidence = async () => {
      const { verdict } = (await (await get(path)).json()) as Partial<Explanation>;
      return verdict?.evidence.map(({ kind }) => kind);
    };
    await expect.poll(evidence, { timeout: 20_000 }).toContain("tip");
    await expectDescribed("get", path, await get(path));
  });

  test.each([
    ["/api/history?statistic=nonsense", { authorization }, 400],
    ["/api/mev/explain?trade=nobody", { authorization }, 404],
    ["/api/current", {}, 401],
  ])("an error of %s", async (path, headers, status) => {
    const response = await get(path, headers as Record<string, string>);
    expect(response.status).toBe(status);
    await expectDescribed("get", path, response);
  });

  test("a silence that is made and ended", async () => {
    const path = "/api/silences";
    const made = await post(path, { matchers: "alertname=daily-summary", duration: "1h" });
    expect(made.status).toBe(201);
    const silence = (await expectDescribed("post", path, made)) as { id: string };
    await expectDescribed("get", path, await get(path));
    const method = "DELETE";
    const ended = await fetch(`${aggregator.url}${path}/${silence.id}`, {
      method,
      headers: { authorization },
    });
    expect(await ended.json()).toEqual(silence);
    await expectDescribed("post", path, await post(path, { duration: "1h" }));
  });

  test.each(["/v1/traces", "/v1/metrics"])("POST %s", async (path) => {
    await expectDescribed("post", path, await post(path, {}));
    const refused = await post(path, []);
    expect(refused.status).toBe(400);
    await expectDescribed("post", path, refused);
    const badSpan = { resourceSpans: [resource([{ traceId: "x" }])] };
    await expectDescribed("post", path, await post(path, badSpan));
  });
});

test("an answer that is not as the document says is found", async () => {
  const more = Response.json({ status: "ok", mood: "good" });
  await expect(expectDescribed("get", "/healthz", more)).rejects.toThrow("mood");
  const entry = { value: 1, unit: "%", count: 1, windowSeconds: 60, interval: { low: 1, high: 2 } };
  const unnamed = Response.json({ time: null, statistics: { success_rate: entry }, services: {} });
  await expect(expectDescribed("get", "/api/current", unnamed)).rejects.toThrow("statistics.su");
});

test("a report on trades of which some were attacked is as the document says", async () => {
  const trades = Array.from({ length: 3_000 }, (_, i) => judged(i));
  const about = {
    from: "2026-01-01",
    to: "2026-01-02",
    by: "pair",
    truncated: false,
    missing: null,
  } as const;
  const report = mevReport(trades, about);
  expect(report.patterns.found.length).toBeGreaterThan(0);
  expect(report.curves.loss.points.length).toBeGreaterThan(0);
  expect(report.feeReturn.extraFeeUsd.interval).toBeDefined();
  expect(report.protections[0]?.netUsd.interval).toBeDefined();
  await expectDescribed("get", "/api/mev", Response.json(report));
});

/** Every tenth trade of one pair is attacked. */
function judged(i: number): JudgedTrade {
  const isAttacked = i % 20 === 0;
  const feeUsd = 0.01 * (1 + ((i * 7) % 5));
  const record: MevRecord = {
    tradeId: `t${i}`,
    timeMs: i,
    pair: i % 2 === 0 ? "WIF/SOL" : "SOL/USDC",
    sizeUsd: 100 + (i % 700),
    protection: i % 3 === 0 && !isAttacked ? "jito" : "none",
    leader: null,
    toleranceBps: null,
    verdict: isAttacked ? "impacted" : "clean",
    lossRatio: isAttacked ? 0.001 * (1 + (i % 7)) : null,
    lossResidual: isAttacked ? 1e-6 : null,
    landed: true,
    onChain: true,
    isWhole: true,
    feeUsd,
    paidUsd: feeUsd,
    valueUsd: 2,
  };
  return { record, attacker: isAttacked ? "someone" : null, pool: "pool", trial: null, solUsd: 150 };
}

test("every route is in the document, with its parameters, and says what it answers", () => {
  for (const { method, path, parameters: inPath, query, answers } of routes) {
    expect(answers).toBeDefined();
    const { parameters } = operation(method.toLowerCase(), path.replaceAll(/:([^/]+)/g, "{$1}"));
    expect(parameters.map(({ name }) => name)).toEqual([...Object.keys(inPath), ...Object.keys(query)]);
  }
  expect(Object.values(document.paths).flatMap((methods) => Object.keys(methods))).toHaveLength(
    routes.length,
  );
});

test("every field of every object is described", () => {
  const { schemas } = document.components;
  const fields = Object.entries(schemas).flatMap(([name, schema]) =>
    fieldsOf(schema).map((field) => ({ ...field, name: `${name}.${field.name}` })),
  );
  expect(fields.length).toBeGreaterThan(200);
  expect(fields.filter(({ about }) => about === "").map(({ name }) => name)).toEqual([]);
});

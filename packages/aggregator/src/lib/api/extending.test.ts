import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createAggregator } from "../aggregator.ts";
import type { Aggregator } from "../aggregator-options.ts";
import { IN_MEMORY } from "../data-folder.ts";
import { withRoutes } from "../docs/http-page.ts";
import { serviceRoute } from "./testing/service.ts";

// The steps of docs/extending.md: the file stands in testing/, and this is the line in the list.
vi.mock(import("./routes.ts"), async (original) => {
  const [{ routes }, added] = await Promise.all([original(), import("./testing/service.ts")]);
  return { routes: [...routes, added.serviceRoute] };
});

const token = "let-me-in";
let aggregator: Aggregator;

beforeAll(async () => {
  aggregator = await createAggregator({ dataDir: IN_MEMORY, port: 0, token });
});
afterAll(() => aggregator.close());

function get(path: string, headers: Record<string, string> = { authorization: `Bearer ${token}` }) {
  return fetch(aggregator.url + path, { headers });
}

test("docs/extending.md shows the file as it is here", () => {
  const page = readFileSync(new URL("../../../../../docs/extending.md", import.meta.url), "utf8");
  const file = readFileSync(new URL("testing/service.ts", import.meta.url), "utf8");
  const inPlace = file.replaceAll("../context.ts", "./context.ts").replaceAll("../../server/", "../server/");
  expect(page).toContain(`\`\`\`ts\n${inPlace}\`\`\``);
});

test("the new route answers, and is closed without the token", async () => {
  expect((await get("/api/services/desk", {})).status).toBe(401);
  const unknown = await get("/api/services/desk");
  expect([unknown.status, await unknown.json()]).toMatchObject([404, { error: { code: "not_found" } }]);
  const resource = { attributes: [{ key: "service.name", value: { stringValue: "desk" } }] };
  const time = `${Date.now()}000000`;
  const span = { traceId: "1".repeat(32), spanId: "1".repeat(16), name: "x" };
  const spans = [{ ...span, startTimeUnixNano: time, endTimeUnixNano: time }];
  const sent = await fetch(`${aggregator.url}/v1/traces`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans }] }] }),
  });
  expect(sent.status).toBe(200);
  const answer = await get("/api/services/desk");
  expect([answer.status, await answer.json()]).toMatchObject([200, { received: 1, duplicate: 0 }]);
});

test("it is among those that an unknown path is told of, and its documentation is made", async () => {
  const { error } = (await (await get("/api/services")).json()) as { error: { message: string } };
  expect(error.message).toContain("GET /api/services/:name");
  const empty = "<!-- Made from the routes by `npm run docs`. -->\n<!-- End of the routes. -->";
  expect(withRoutes(empty, [serviceRoute])).toContain(
    "### GET /api/services/:name\nThe span counts of one service.\n\n| In the path | allowed | meaning |",
  );
});

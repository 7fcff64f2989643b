import { request } from "node:http";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createAggregator } from "../aggregator.ts";
import type { Aggregator } from "../aggregator-options.ts";
import { IN_MEMORY } from "../data-folder.ts";
import { routes } from "./routes.ts";

const token = "let-me-in";
let aggregator: Aggregator;

beforeAll(async () => {
  aggregator = await createAggregator({ dataDir: IN_MEMORY, port: 0, token });
});
afterAll(() => aggregator.close());

/** Its status; by node:http, for fetch allows not every value of a header. */
function statusOf(
  method: string,
  path: string,
  headers: Record<string, string>,
): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request(aggregator.url + path, { method, headers }, (response) => {
      response.resume().once("end", () => resolve(response.statusCode));
    });
    sent.once("error", reject).end();
  });
}

/** Every method and path that is answered, HEAD too, with something for each parameter of the path. */
const places = routes.flatMap(({ method, path, public: open }) => {
  const methods = method === "GET" ? ["GET", "HEAD"] : [method];
  return methods.map((each) => ({ method: each, path: path.replaceAll(/:[^/]+/g, "x"), open }));
});

test("only health and readiness are public", () => {
  expect(routes.filter((route) => route.public).map(({ path }) => path)).toEqual(["/healthz", "/readyz"]);
});

test.each(places)("$method $path is closed without the token, unless it is public", async (place) => {
  const without = await statusOf(place.method, place.path, {});
  if (place.open) expect(without).toBe(200);
  else expect(without).toBe(401);
  const authorization = `Bearer ${token}`;
  expect(await statusOf(place.method, place.path, { authorization })).not.toBe(401);
});

test("no other value opens any of them", async () => {
  const closed = fc.constantFrom(...places.filter(({ open }) => !open));
  const value = fc
    .oneof(
      fc.stringMatching(/^[\x21-\x7e]{1,20}$/),
      fc.constantFrom(token.slice(0, -1), `${token}x`, token.toUpperCase(), ` ${token}`, `${token},${token}`),
    )
    .filter((text) => text.trim() !== token);
  const scheme = fc.constantFrom("Bearer ", "Basic ", "Token ", "");
  await fc.assert(
    fc.asyncProperty(closed, scheme, value, async ({ method, path }, prefix, text) => {
      expect(await statusOf(method, path, { authorization: prefix + text })).toBe(401);
    }),
    { numRuns: 200 },
  );
});

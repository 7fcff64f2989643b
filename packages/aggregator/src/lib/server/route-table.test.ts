import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { json } from "./answer.ts";
import type { Parameter } from "./parameters.ts";
import { type Route, route } from "./route.ts";
import { RouteTable } from "./route-table.ts";
import { type HttpServer, startServer } from "./server.ts";
import { ask } from "./testing/talk.ts";

const id: Parameter & { schema: z.ZodType<string> } = {
  schema: z.string().max(20),
  allowed: "up to 20 characters",
  about: "The id.",
};
const limit = {
  schema: z.coerce.number().int().min(1).max(100).default(10),
  allowed: "a whole number from 1 to 100",
  about: "How many.",
};

const routes: Route<unknown>[] = [
  route({
    method: "GET",
    path: "/things/:id",
    about: "",
    parameters: { id },
    query: { limit },
    handler: ({ path, query }) => json({ thing: path.id, limit: query.limit }),
  }),
  route({
    method: "DELETE",
    path: "/things/:which",
    about: "",
    parameters: { which: id },
    handler: ({ path }) => json({ deleted: path.which }),
  }),
  route({ method: "GET", path: "/things/newest", about: "", handler: () => json("newest") }),
  route({
    method: "POST",
    path: "/things/:id/parts/:part",
    about: "",
    parameters: { id, part: { ...id, schema: z.coerce.number().int() } },
    handler: ({ path }) => json([path.id, path.part + 1]),
  }),
];

let server: HttpServer;
beforeAll(async () => {
  server = await startServer({ routes, context: undefined, host: "127.0.0.1", port: 0 });
});
afterAll(() => server.close());

/** By hand: fetch would put the path in order. */
async function get(target: string, method = "GET"): Promise<{ status: number; body: unknown; text: string }> {
  const { status, body, text } = await ask(
    server.port,
    `${method} ${target} HTTP/1.1\r\nHost: localhost\r\ncontent-length: 0`,
  );
  return { status, body: body === "" ? undefined : JSON.parse(body), text };
}

describe("a path with parameters", () => {
  test("gives their values, decoded and parsed", async () => {
    expect(await get("/things/a%20b")).toMatchObject({ status: 200, body: { thing: "a b", limit: 10 } });
    expect(await get("/things/%2F..%2f?limit=5")).toMatchObject({ body: { thing: "/../", limit: 5 } });
    expect(await get("/things/a/parts/41", "POST")).toMatchObject({ body: ["a", 42] });
    expect(await get("/things/x", "DELETE")).toMatchObject({ body: { deleted: "x" } });
    expect(await get("/things/:id")).toMatchObject({ body: { thing: ":id" } });
  });

  test("gives back whatever was encoded", () => {
    const table = new RouteTable(routes);
    const text = fc.string({ unit: "grapheme", minLength: 1 }).filter((value) => value !== "newest");
    fc.assert(
      fc.property(text, text, (id, part) => {
        const found = table.find(
          "POST",
          `/things/${encodeURIComponent(id)}/parts/${encodeURIComponent(part)}`,
        );
        expect([...(found?.pathValues ?? [])]).toEqual([
          ["id", id],
          ["part", part],
        ]);
      }),
    );
  });

  test("yields to one without", async () => {
    expect(await get("/things/newest")).toMatchObject({ body: "newest" });
    expect(await get("/things/newest", "DELETE")).toMatchObject({ body: { deleted: "newest" } });
    expect((await get("/things/newest", "PUT")).text).toMatch(/^allow: GET, DELETE, HEAD, OPTIONS\r$/im);
  });

  test.each([
    "/things",
    "/things/",
    "//things/x",
    "/things/x/",
    "/things//parts/1",
    "/things/x/parts",
    "/:",
    "/things/x;y/z",
  ])("%s is not there", async (path) => {
    expect(await get(path)).toMatchObject({ status: 404, body: { error: { code: "not_found" } } });
  });

  test.each(["/things/%", "/things/%zz", "/things/%ff", "/things/%c0%af", "/things/%ed%a0%80"])(
    "%s is badly encoded",
    async (path) => {
      expect(await get(path)).toMatchObject({
        status: 400,
        body: { error: { code: "bad_path", field: "id" } },
      });
    },
  );

  test("what a schema refuses is named, with what is allowed", async () => {
    expect(await get("/things/a/parts/b", "POST")).toMatchObject({
      status: 400,
      body: {
        error: {
          code: "bad_path",
          field: "part",
          message: 'part = "b" is not allowed; allowed: up to 20 characters.',
        },
      },
    });
    expect(await get("/things/a?limit=0")).toMatchObject({
      status: 400,
      body: {
        error: {
          code: "bad_query",
          field: "limit",
          message: 'limit = "0" is not allowed; allowed: a whole number from 1 to 100.',
        },
      },
    });
  });
});

test.each([
  ["limit=%zz", undefined, "The query is not percent-encoded UTF-8."],
  ["limit=5%", undefined, "The query is not percent-encoded UTF-8."],
  ["limit=5&x=%ff", undefined, "The query is not percent-encoded UTF-8."],
  ["=5", "", '"" is not a parameter here; allowed: limit.'],
  ["a%20b=5", "a b", '"a b" is not a parameter here; allowed: limit.'],
  ["limit=1&limit=1", "limit", "limit is given more than once."],
  ["limit=", "limit", 'limit = "" is not allowed; allowed: a whole number from 1 to 100.'],
  [`limit=${"9".repeat(5000)}`, "limit", `limit = "${"9".repeat(100)}" is not allowed`],
  [`${"x".repeat(5000)}=1`, "x".repeat(100), "x".repeat(100)],
])("the query %s is refused, in few words", async (query, field, message) => {
  const { status, body } = await get(`/things/a?${query}`);
  expect(status).toBe(400);
  expect(body).toMatchObject({ error: { code: "bad_query", message: expect.stringContaining(message) } });
  expect((body as { error: { field?: string } }).error.field).toBe(field);
});

test.each(["", "&", "&&limit=10", "limit=1%30"])("the query %j is fine", async (query) => {
  expect(await get(`/things/a?${query}`)).toMatchObject({ status: 200, body: { limit: 10 } });
});

describe("methods", () => {
  test("HEAD has GET's headers without its body", async () => {
    const { status, text, body } = await get("/things/x", "HEAD");
    expect([status, body]).toEqual([200, undefined]);
    expect(text).toContain(`content-length: ${'{"thing":"x","limit":10}'.length}\r\n`);
    expect((await get("/things/x/parts/1", "HEAD")).status).toBe(405);
  });

  test("OPTIONS names what is allowed", async () => {
    const { status, text, body } = await get("/things/x", "OPTIONS");
    expect([status, body]).toEqual([204, undefined]);
    expect(text).toMatch(/^allow: GET, DELETE, HEAD, OPTIONS\r$/im);
    expect(text).not.toMatch(/^content-length:/im);
    expect((await get("/nope", "OPTIONS")).status).toBe(404);
  });

  test("another method is refused, with what is allowed", async () => {
    const { status, text, body } = await get("/things/x/parts/1", "PATCH");
    expect([status, body]).toMatchObject([405, { error: { code: "method_not_allowed" } }]);
    expect(text).toMatch(/^allow: POST, OPTIONS\r$/im);
  });
});

test("a route whose schemas are not those of its path cannot be made", () => {
  const handler = () => json({});
  expect(() =>
    route({ method: "GET", path: "/a/:b", about: "", handler } as unknown as Parameters<typeof route>[0]),
  ).toThrow("The parameters of /a/:b are: b.");
});

test("two routes whose paths differ in names alone do not start", async () => {
  const other = route({
    method: "GET",
    path: "/things/:name",
    about: "",
    parameters: { name: id },
    handler: () => json({}),
  });
  await expect(
    startServer({ routes: [...routes, other], context: undefined, host: "127.0.0.1", port: 0 }),
  ).rejects.toThrow("two routes");
});

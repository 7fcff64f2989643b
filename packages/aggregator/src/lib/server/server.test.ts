import { request as httpRequest } from "node:http";
import { SlipstreamError } from "@slipstream/conventions";
import { afterEach, describe, expect, test, vi } from "vitest";
import { json, stream } from "./answer.ts";
import { HttpError } from "./http-error.ts";
import { type Route, route } from "./route.ts";
import { type HttpServer, type ServerOptions, startServer } from "./server.ts";
import { talk } from "./testing/talk.ts";

const errors: unknown[] = [];
const servers: HttpServer[] = [];

const routes: Route<unknown>[] = [
  route({ method: "GET", path: "/", about: "", handler: () => json({ page: true }) }),
  route({ method: "GET", path: "/x", about: "", handler: () => json({ x: 1 }) }),
  route({ method: "POST", path: "/x", about: "", handler: () => json({}, { status: 201 }) }),
  route({
    method: "GET",
    path: "/refused",
    about: "",
    handler: () => {
      throw new HttpError(429, "busy", "Later.", { field: "f", headers: { "retry-after": "3" } });
    },
  }),
  route({
    method: "GET",
    path: "/broken",
    about: "",
    handler: () => Promise.reject(new Error("secret detail")),
  }),
  route({
    method: "GET",
    path: "/half",
    about: "",
    handler: () =>
      stream(async (write) => {
        await write("12345");
        throw new Error("in the middle");
      }),
  }),
];

const start = async (options: Partial<ServerOptions<unknown>> = {}): Promise<HttpServer> => {
  const server = await startServer({
    routes,
    host: "127.0.0.1",
    port: 0,
    context: undefined,
    onError: (error) => errors.push(error),
    ...options,
  });
  servers.push(server);
  return server;
};

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close(0)));
  errors.length = 0;
});

const serves = async ({ url }: HttpServer): Promise<void> => {
  expect(await (await fetch(`${url}/x`)).json()).toEqual({ x: 1 });
};

describe("routes", () => {
  test("an unknown path is told what there is", async () => {
    const { url } = await start();
    const answer = await fetch(`${url}/nope?secret=1`);
    expect(answer.status).toBe(404);
    const { error } = (await answer.json()) as { error: { code: string; message: string } };
    expect(error.code).toBe("not_found");
    expect(error.message).toContain("GET | POST /x");
    expect(error.message).not.toContain("secret");
  });

  test("another method is told which are allowed", async () => {
    const { url } = await start();
    const answer = await fetch(`${url}/x`, { method: "DELETE" });
    expect(answer.status).toBe(405);
    expect(answer.headers.get("allow")).toBe("GET, POST, HEAD, OPTIONS");
    expect(await answer.json()).toMatchObject({ error: { code: "method_not_allowed" } });
  });

  test("HEAD has GET's headers and no body; a query is no part of the path", async () => {
    const { url } = await start();
    const answer = await fetch(`${url}/x?a=1`, { method: "HEAD" });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-length")).toBe("7");
    expect(await answer.text()).toBe("");
  });

  test("errors are JSON with a code; what is ours to know is not told", async () => {
    const { url } = await start();
    const refused = await fetch(`${url}/refused`);
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "3"]);
    expect(await refused.json()).toEqual({ error: { code: "busy", message: "Later.", field: "f" } });
    const broken = await fetch(`${url}/broken`);
    expect(broken.status).toBe(500);
    expect(await broken.text()).not.toContain("secret detail");
    expect(errors).toMatchObject([{ message: "secret detail" }]);
  });

  test("an answer that breaks off is cut, and the server lives", async () => {
    const server = await start();
    await expect(fetch(`${server.url}/half`).then((answer) => answer.text())).rejects.toThrow();
    await serves(server);
  });

  test("two routes for one method and path do not start", async () => {
    await expect(start({ routes: [...routes, ...routes] })).rejects.toThrow("two routes");
  });
});

describe("what is no good request", () => {
  test.each([
    "//",
    "/%",
    "/%00",
    "/%ff%fe",
    "//[",
    "http://[",
    "/\\..\\..",
    "*",
    "/x/../../etc/passwd",
    "http://[::1/x",
  ])("the path %s is answered, and the server lives", async (path) => {
    const server = await start();
    const { answer } = await talk(
      server.port,
      `GET ${path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`,
    );
    await vi.waitUntil(() => /^HTTP\/1.1 (200|400|404) /.test(answer()), { timeout: 5000 });
    await serves(server);
  });

  test("the absolute form, as through a proxy, is found", async () => {
    const { answer } = await talk(
      (await start()).port,
      "GET http://localhost:1/x HTTP/1.1\r\nhost: localhost\r\n\r\n",
    );
    await vi.waitFor(() => expect(answer()).toMatch(/^HTTP\/1.1 200 /), { timeout: 5000 });
  });

  test.each([
    ["no HTTP", "hello\r\n\r\n", "400"],
    ["a TLS greeting", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", "400"],
    [
      "two lengths",
      "POST /x HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n",
      "400",
    ],
    ["huge headers", `GET /x HTTP/1.1\r\nhost: localhost\r\nx: ${"y".repeat(70_000)}\r\n\r\n`, "431"],
  ])("%s is answered and the connection ended", async (_, text, status) => {
    const server = await start();
    const { socket, answer } = await talk(server.port, text);
    await vi.waitUntil(() => socket.closed, { timeout: 5000 });
    expect(answer()).toContain(`HTTP/1.1 ${status} `);
    expect(answer()).toContain('{"error":{"code":');
    await serves(server);
  });

  test("CONNECT is answered: this is no proxy", async () => {
    const server = await start();
    const { socket, answer } = await talk(
      server.port,
      "CONNECT example.com:443 HTTP/1.1\r\nhost: example.com:443\r\n\r\n",
    );
    await vi.waitUntil(() => socket.closed, { timeout: 5000 });
    expect(answer()).toMatch(/^HTTP\/1\.1 405 .*"method_not_allowed"/s);
    await serves(server);
  });

  test("a client that resets its connection in the middle harms nobody", async () => {
    const server = await start();
    for (const text of [
      "CONNECT example.com:443 HTTP/1.1\r\nhost: example.com\r\n\r\n",
      "hello\r\n\r\n",
      "GET /x HTTP/1.1\r\nhost: localhost\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n",
      "POST /x HTTP/1.1\r\nhost: localhost\r\nexpect: 100-continue\r\ncontent-length: 9\r\n\r\n",
    ]) {
      for (let round = 0; round < 20; round += 1) {
        const { socket } = await talk(server.port, text + "x".repeat(100_000));
        if (round % 2 === 0) await new Promise(setImmediate);
        socket.resetAndDestroy();
      }
      await serves(server);
    }
  });

  test("a request before what is no HTTP gets its own answer first", async () => {
    let resolve = (): void => {};
    const released = new Promise<void>((done) => {
      resolve = done;
    });
    const slow = route({
      method: "POST",
      path: "/slow",
      about: "",
      handler: async () => {
        await released;
        return json({ slow: true });
      },
    });
    const server = await start({ routes: [slow] });
    const head = "POST /slow HTTP/1.1\r\nhost: localhost\r\ncontent-length: 0\r\n\r\n";
    const { socket, answer } = await talk(server.port, `${head}hello\r\n\r\n`);
    socket.write("and more\r\n\r\n");
    await fetch(`${server.url}/nope`);
    expect(answer()).toBe("");
    resolve();
    await vi.waitUntil(() => socket.closed, { timeout: 5000 });
    expect(answer().match(/HTTP\/1.1 \d+|"slow":true|"code":"\w+"/g)).toEqual([
      "HTTP/1.1 200",
      '"slow":true',
      "HTTP/1.1 400",
      '"code":"bad_request"',
    ]);
  });

  test("a client that leaves before its body is complete is no error of ours", async () => {
    const began = vi.fn();
    const read = route({
      method: "POST",
      path: "/read",
      about: "",
      handler: async ({ incoming }) => {
        began();
        return json(Buffer.concat(await incoming.toArray()).length);
      },
    });
    const server = await start({ routes: [read] });
    const head = "POST /read HTTP/1.1\r\nhost: localhost\r\ncontent-length: 9\r\n\r\n123";
    const { socket } = await talk(server.port, head);
    await vi.waitUntil(() => began.mock.calls.length === 1, { timeout: 5000 });
    socket.destroy();
    await server.close();
    expect(errors).toEqual([]);
  });

  test("a client that asks before it sends its body learns first whether it may", async () => {
    const read = route({
      method: "POST",
      path: "/read",
      about: "",
      handler: async ({ incoming }) => json(Buffer.concat(await incoming.toArray()).length),
    });
    const server = await start({ routes: [read], token: "t" });
    const head = "POST /read HTTP/1.1\r\nhost: localhost\r\ncontent-length: 3\r\nexpect: 100-continue\r\n";
    const refused = await talk(server.port, `${head}\r\n`);
    await vi.waitUntil(() => refused.answer().includes("unauthorized"), { timeout: 5000 });
    expect(refused.answer()).toMatch(/^HTTP\/1\.1 401 /);
    const taken = await talk(server.port, `${head}authorization: Bearer t\r\n\r\n`);
    await vi.waitUntil(() => taken.answer().startsWith("HTTP/1.1 100 "), { timeout: 5000 });
    taken.socket.write("abc");
    await vi.waitUntil(() => taken.answer().endsWith("3"), { timeout: 5000 });
  });

  test("headers or a body that never end are answered 408 in time", async () => {
    const server = await start({
      timeouts: { headersMs: 50, requestMs: 100 },
      routes: [
        route({
          method: "POST",
          path: "/read",
          about: "",
          handler: async ({ incoming }) => json(await incoming.toArray()),
        }),
      ],
    });
    for (const text of [
      "GET /x HTTP/1.1\r\nhost: localhost\r\nx: slow",
      "POST /read HTTP/1.1\r\nhost: localhost\r\ncontent-length: 9\r\n\r\n123",
    ]) {
      const { socket, answer } = await talk(server.port, text);
      await vi.waitUntil(() => socket.closed, { timeout: 10_000 });
      expect(answer()).toContain("HTTP/1.1 408 ");
    }
  });
});

describe("listening", () => {
  const failure = async (options: Partial<ServerOptions<unknown>>): Promise<SlipstreamError> => {
    const error: unknown = await start(options).catch((reason: unknown) => reason);
    if (error instanceof SlipstreamError) return error;
    throw new Error("started");
  };

  test("a port in use is named, with how to choose another", async () => {
    const { port } = await start();
    const error = await failure({ port });
    expect(error).toMatchObject({ code: "port_in_use", field: "port" });
    expect(error.message).toContain(`Port ${port}`);
    expect(error.message).toMatch(/--port N.*SLIPSTREAM_PORT/);
  });

  test("off loopback there must be a token", async () => {
    expect(await failure({ host: "0.0.0.0" })).toMatchObject({ code: "token_required", field: "token" });
    expect(await failure({ host: "::", token: "" })).toMatchObject({ code: "token_required" });
    await start({ host: "0.0.0.0", token: "t" });
    await start({ host: "localhost" });
  });

  test("an address that is not ours says so", async () => {
    expect(await failure({ host: "192.0.2.1", token: "t" })).toMatchObject({
      code: "cannot_listen",
      field: "host",
    });
  });
});

describe("closing", () => {
  const slow = (release: Promise<void>): Route<unknown> =>
    route({ method: "GET", path: "/slow", about: "", handler: async () => json((await release) ?? {}) });

  test("what is in flight is answered, idle connections are closed, new ones refused", async () => {
    let resolve = (): void => {};
    const promise = new Promise<void>((done) => {
      resolve = done;
    });
    const server = await start({ routes: [slow(promise)] });
    const idle = await talk(server.port, "");
    const { answer, socket } = await talk(server.port, "GET /slow HTTP/1.1\r\nhost: localhost\r\n\r\n");
    await new Promise((done) => httpRequest(`${server.url}/nope`, done).end());
    const closed = server.close();
    await vi.waitUntil(() => idle.socket.closed, { timeout: 5000 });
    await expect(fetch(server.url)).rejects.toThrow();
    expect(answer()).toBe("");
    resolve();
    await closed;
    await vi.waitUntil(() => socket.closed, { timeout: 5000 });
    expect(answer()).toContain("HTTP/1.1 200 ");
  });

  test("what does not end is cut at the deadline", async () => {
    const server = await start({ routes: [slow(new Promise(() => {}))] });
    const { socket } = await talk(server.port, "GET /slow HTTP/1.1\r\nhost: localhost\r\n\r\n");
    await new Promise((done) => httpRequest(`${server.url}/nope`, done).end());
    await server.close(50);
    await vi.waitFor(() => expect(socket.closed).toBe(true), { timeout: 5000 });
  });
});

describe("the token", () => {
  const paths = [
    route({ method: "GET", path: "/open", about: "", public: true, handler: () => json({}) }),
    route({ method: "GET", path: "/closed", about: "", handler: () => json({}) }),
    route({ method: "POST", path: "/closed", about: "", handler: () => json({}) }),
  ];

  test("a route that does not speak of it needs it", async () => {
    const { url } = await start({ routes: paths, token: "s3cret" });
    expect((await fetch(`${url}/open`)).status).toBe(200);
    for (const method of ["GET", "HEAD", "POST"]) {
      const answer = await fetch(`${url}/closed`, { method });
      expect(answer.status).toBe(401);
      expect(answer.headers.get("www-authenticate")).toBe('Bearer realm="slipstream"');
      if (method !== "HEAD") expect(await answer.json()).toMatchObject({ error: { code: "unauthorized" } });
      const headers = { authorization: "bearer s3cret" };
      expect((await fetch(`${url}/closed`, { method, headers })).status).toBe(200);
    }
  });

  test.each([
    "",
    "Bearer",
    "Bearer ",
    "Bearer s3cre",
    "Bearer s3cret1",
    "Bearer S3CRET",
    "Basic s3cret",
    "s3cret",
    "Bearer s3cret, Bearer s3cret",
  ])("%j is not it", async (authorization) => {
    const { url } = await start({ routes: paths, token: "s3cret" });
    expect((await fetch(`${url}/closed`, { headers: { authorization } })).status).toBe(401);
    expect((await fetch(`${url}/closed?token=s3cret`)).status).toBe(401);
  });

  test("without one to check, loopback is open", async () => {
    const { url } = await start({ routes: paths, token: "" });
    expect((await fetch(`${url}/closed`)).status).toBe(200);
  });
});

test("connections are kept between requests", async () => {
  const { answer } = await talk(
    (await start()).port,
    "GET /x HTTP/1.1\r\nhost: localhost\r\n\r\nGET /nope HTTP/1.1\r\nhost: localhost\r\n\r\nGET /x HTTP/1.1\r\nhost: localhost\r\n\r\n",
  );
  await vi.waitFor(() => expect(answer().match(/HTTP\/1.1 (200|404)/g)).toHaveLength(3), { timeout: 5000 });
});

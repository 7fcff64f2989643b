import { createServer, type RequestListener } from "node:http";
import {
  type AddressInfo,
  createServer as createTcpServer,
  type LookupFunction,
  type Socket,
} from "node:net";
import { listening } from "@slipstream/testing/listening";
import { expect, onTestFinished, test } from "vitest";
import type { HttpRequest, Sent } from "./send.ts";
import { createSender, type SenderOptions } from "./sender.ts";

const QUICK = { connectMs: 1_000, answerMs: 200, bodyMs: 200 };

/** Sends by a sender of its own, with no proxy. */
function send(url: string, more: Partial<HttpRequest> = {}, options: SenderOptions = {}): Promise<Sent> {
  const sender = createSender({ env: {}, limits: { answerMs: 5_000 }, ...options });
  onTestFinished(() => sender.close());
  const request = { url, method: "POST", headers: {}, body: "{}", secrets: [], ...more } as const;
  return sender.send(request, new AbortController().signal);
}

async function serve(listener: RequestListener): Promise<number> {
  const server = createServer(listener);
  return listening(server);
}

/** A server that speaks something else. */
async function serveRaw(listener: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket.on("error", () => undefined));
    listener(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** A resolver that answers these addresses for every name. */
const leadingTo =
  (...addresses: readonly string[]): LookupFunction =>
  (_name, options, callback) => {
    const found = addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
    if (options.all) callback(null, found);
    else callback(null, found[0]?.address ?? "", found[0]?.family ?? 4);
  };

const reasonOf = (sent: Sent): string => (sent.kind === "failure" ? sent.reason : `answered ${sent.status}`);

test("sends a request as it is, and gives the answer", async () => {
  const got: unknown[] = [];
  const port = await serve(async (request, response) => {
    got.push(request.method, request.url, request.headers.authorization, request.headers["x-key"]);
    for await (const chunk of request) got.push(String(chunk));
    response.writeHead(418, { "X-Answer": "yes" }).end("short and stout");
  });
  const sent = await send(`http://name:pass%20word@127.0.0.1:${port}/path?a=b%20c`, {
    headers: { "x-key": "abc" },
    body: '{"é":1}',
  });
  const authorization = `Basic ${Buffer.from("name:pass word").toString("base64")}`;
  expect(got).toEqual(["POST", "/path?a=b%20c", authorization, "abc", '{"é":1}']);
  expect(sent).toMatchObject({ kind: "answer", status: 418, body: "short and stout", isWhole: true });
  expect(sent).toMatchObject({ headers: { "x-answer": "yes" } });
});

test("a login that is not percent-encoded stands for itself", async () => {
  const got: unknown[] = [];
  const port = await serve((request, response) => {
    got.push(request.headers.authorization);
    response.end();
  });
  await send(`http://desk:100%@127.0.0.1:${port}/`);
  expect(got).toEqual([`Basic ${Buffer.from("desk:100%").toString("base64")}`]);
});

test("follows no redirect", async () => {
  let asked = 0;
  const other = await serve((_request, response) => {
    asked += 1;
    response.end();
  });
  for (const status of [301, 302, 303, 307, 308]) {
    const port = await serve((_request, response) => {
      response.writeHead(status, { location: `http://127.0.0.1:${other}/` }).end();
    });
    expect(await send(`http://127.0.0.1:${port}/`)).toMatchObject({ kind: "answer", status });
  }
  expect(asked).toBe(0);
});

test("a server that hangs, resets, closes or speaks something else is a failure, in bounded time", async () => {
  const hangs = await serveRaw(() => undefined);
  const resets = await serveRaw((socket) => socket.once("data", () => socket.resetAndDestroy()));
  const resetsAtOnce = await serveRaw((socket) => socket.resetAndDestroy());
  const closes = await serveRaw((socket) => socket.once("data", () => socket.end()));
  const closesAtOnce = await serveRaw((socket) => socket.end());
  const other = await serveRaw((socket) => socket.write("220 mail.desk.example ESMTP\r\n"));
  const endless = await serveRaw((socket) => {
    socket.write("HTTP/1.1 200 OK\r\n");
    const write = (): void => {
      if (!socket.destroyed) socket.write(`x-${"a".repeat(1_000)}: b\r\n`, () => setImmediate(write));
    };
    write();
  });
  const reasons = async (...ports: readonly number[]): Promise<readonly string[]> =>
    Promise.all(
      ports.map(async (port) =>
        reasonOf(await send(`http://127.0.0.1:${port}/`, {}, { limits: QUICK })).replace(/:\d+/, ""),
      ),
    );
  expect(await reasons(hangs)).toEqual(["no answer from 127.0.0.1 within 200 ms"]);
  expect(new Set(await reasons(resets, resetsAtOnce, closes, closesAtOnce))).toEqual(
    new Set(["127.0.0.1 closed the connection without an answer"]),
  );
  for (const reason of await reasons(other, endless))
    expect(reason).toMatch(/^127\.0\.0\.1 did not answer with HTTP that can be read/);
  expect(reasonOf(await send(`https://127.0.0.1:${closesAtOnce}/`, {}, { limits: QUICK }))).toMatch(
    /did not answer with TLS/,
  );
});

test("a server that resets connections is not connected to again and again", async () => {
  let connections = 0;
  const port = await serveRaw((socket) => {
    connections += 1;
    socket.resetAndDestroy();
  });
  const sender = createSender({ env: {} });
  for (let at = 0; at < 5; at++) {
    const request = { url: `http://127.0.0.1:${port}/`, method: "POST", headers: {}, secrets: [] } as const;
    expect((await sender.send(request, new AbortController().signal)).kind).toBe("failure");
  }
  await sender.close();
  expect(connections).toBeLessThanOrEqual(10);
});

test("reads a bounded part of an answer, in bounded time", async () => {
  const endless = await serve((_request, response) => {
    const write = (): void => {
      if (!response.destroyed) response.write("a".repeat(50_000), () => setImmediate(write));
    };
    write();
  });
  const stuck = await serve((_request, response) => {
    response.writeHead(200, { "content-length": 100 }).write("begun");
  });
  const drips = await serve((_request, response) => {
    const timer = setInterval(() => response.write("."), 20);
    response.once("close", () => clearInterval(timer));
  });
  const cut = await serve((_request, response) => {
    response.writeHead(500, { "content-length": 100 });
    response.write("begun", () => response.destroy());
  });
  const of = (port: number): Promise<Sent> => send(`http://127.0.0.1:${port}/`, {}, { limits: QUICK });
  expect(await of(endless)).toMatchObject({ status: 200, isWhole: false, body: "a".repeat(65_536) });
  expect(await of(stuck)).toMatchObject({ status: 200, isWhole: false, body: "begun" });
  expect(await of(drips)).toMatchObject({ status: 200, isWhole: false });
  expect(await of(cut)).toMatchObject({ status: 500, isWhole: false, body: "begun" });
});

test("is given up when the caller gives up, and when it is closed", async () => {
  const port = await serveRaw(() => undefined);
  const request = { url: `http://127.0.0.1:${port}/`, method: "POST", headers: {}, secrets: [] } as const;
  const sender = createSender({ env: {} });
  const caller = new AbortController();
  const first = sender.send(request, caller.signal);
  caller.abort();
  expect(await first).toEqual({ kind: "failure", reason: "it was given up", isPermanent: false });
  const second = sender.send(request, new AbortController().signal);
  await sender.close();
  expect(await second).toMatchObject({ reason: "it was given up" });
  expect(await sender.send(request, new AbortController().signal)).toMatchObject({ kind: "failure" });
});

test("the addresses that a name leads to are checked when it connects", async () => {
  let asked = 0;
  const port = await serve((_request, response) => {
    asked += 1;
    response.end();
  });
  const url = `http://hooks.desk.example:${port}/`;
  for (const addresses of [
    ["127.0.0.1"],
    ["1.1.1.1", "127.0.0.1"],
    ["::ffff:127.0.0.1"],
    ["169.254.169.254"],
    ["x"],
  ]) {
    const sent = await send(url, {}, { lookup: leadingTo(...addresses) });
    expect(sent).toMatchObject({ kind: "failure", isPermanent: true });
    expect(reasonOf(sent)).toMatch(/^hooks\.desk\.example:\d+ is not asked: it /);
  }
  expect(asked).toBe(0);
  const lookup = leadingTo("127.0.0.1");
  for (const privateAddresses of ["any", ["127.0.0.0/8"]] as const)
    expect(await send(url, { privateAddresses }, { lookup })).toMatchObject({ status: 200 });
  expect(await send(`http://hooks.internal:${port}/`, {}, { lookup })).toMatchObject({ status: 200 });
});

test("a connection that one request may use is not used for another one that may not", async () => {
  const port = await serve((_request, response) => response.end());
  const sender = createSender({ env: {}, lookup: leadingTo("127.0.0.1") });
  const request = {
    url: `http://hooks.desk.example:${port}/`,
    method: "POST",
    headers: {},
    secrets: [],
  } as const;
  const { signal } = new AbortController();
  expect(await sender.send({ ...request, privateAddresses: "any" }, signal)).toMatchObject({ status: 200 });
  expect(await sender.send(request, signal)).toMatchObject({ isPermanent: true });
  await sender.close();
});

test("a name that leads elsewhere the second time is refused then", async () => {
  const port = await serve((_request, response) => {
    response.setHeader("connection", "close").end();
  });
  const answers = ["127.0.0.1", "169.254.169.254"];
  const sender = createSender({
    env: {},
    lookup: (name, options, callback) => leadingTo(answers.shift() ?? "")(name, options, callback),
  });
  const request = {
    url: `http://hooks.internal:${port}/`,
    method: "POST",
    headers: {},
    secrets: [],
  } as const;
  const { signal } = new AbortController();
  expect(await sender.send(request, signal)).toMatchObject({ status: 200 });
  expect(await sender.send(request, signal)).toMatchObject({ isPermanent: true });
  await sender.close();
});

test("a name that cannot be looked up, or only after long, is a failure", async () => {
  const unknown = Object.assign(new Error("queryA"), { code: "ENOTFOUND" });
  const fails: LookupFunction = (_name, _options, callback) => callback(unknown, "", 4);
  expect(reasonOf(await send("http://hooks.desk.example/", {}, { lookup: fails }))).toBe(
    "cannot reach hooks.desk.example: its name is not known (ENOTFOUND)",
  );
  const hangs: LookupFunction = () => undefined;
  const limits = { connectMs: 50, answerMs: 50, bodyMs: 50 };
  const sent = await send("http://hooks.desk.example/", {}, { lookup: hangs, limits });
  expect(reasonOf(sent)).toMatch(/^no (connection to|answer from) hooks\.desk\.example/);
  expect(sent).toMatchObject({ isPermanent: false });
});

test("no secret shows in a reason", async () => {
  const url = "http://127.0.0.1:9/bot123:SECRET/send?token=SECRET";
  const sent = await send(url, { secrets: ["SECRET"] });
  expect(reasonOf(sent)).toBe("cannot reach 127.0.0.1:9: nothing listens there (ECONNREFUSED)");
  expect(reasonOf(await send("http://name:SECRET@127.0.0.1:9/"))).not.toContain("SECRET");
  for (const wrong of ["SECRET", "ftp://SECRET", "http://", "file:///SECRET"])
    expect(await send(wrong, { secrets: ["SECRET"] })).toEqual({
      kind: "failure",
      reason: expect.stringMatching(/^(?!.*SECRET).*its address is no http or https URL/) as string,
      isPermanent: true,
    });
});

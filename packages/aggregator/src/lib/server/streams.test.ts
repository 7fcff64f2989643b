import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { afterEach, expect, test, vi } from "vitest";
import { type Produce, stream, type Write } from "./answer.ts";
import { HttpError } from "./http-error.ts";
import { route } from "./route.ts";
import { type HttpServer, type ServerOptions, startServer } from "./server.ts";
import { talk } from "./testing/talk.ts";

const MIB = 1024 * 1024;
const errors: unknown[] = [];
let server: HttpServer;

afterEach(async () => {
  await server.close(0);
  errors.length = 0;
});

async function start(produce: Produce, options: Partial<ServerOptions<unknown>> = {}): Promise<void> {
  const events = route({
    method: "GET",
    path: "/events",
    about: "",
    handler: () => stream(produce, { "content-type": "text/event-stream" }),
  });
  server = await startServer({
    routes: [events],
    context: undefined,
    host: "127.0.0.1",
    port: 0,
    onError: (error) => errors.push(error),
    ...options,
  });
}

const request = "GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n";

/** A client that sends a request and never reads. */
async function deaf(): Promise<Socket> {
  const socket = connect(server.port, "127.0.0.1").on("error", () => {});
  await once(socket, "connect");
  socket.pause().write(request);
  return socket;
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));

test("each part arrives as it is written, and the answer ends with the producer", async () => {
  let next = (): void => {};
  await start(async (write) => {
    await write("data: 1\n\n");
    await new Promise<void>((resolve) => {
      next = resolve;
    });
    await write(new TextEncoder().encode("data: 2\n\n"));
  });
  const response = await fetch(`${server.url}/events`);
  expect(response.headers.get("content-type")).toBe("text/event-stream");
  expect(response.headers.get("cache-control")).toBe("no-store");
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  expect(await reader?.read()).toEqual({ done: false, value: "data: 1\n\n" });
  expect(server.streams.open).toBe(1);
  next();
  expect(await reader?.read()).toEqual({ done: false, value: "data: 2\n\n" });
  expect(await reader?.read()).toMatchObject({ done: true });
  await vi.waitUntil(() => server.streams.open === 0);
  expect(server.streams.dropped).toBe(0);
});

test("the client hears that it is open before anything is written", async () => {
  await start((_, signal) => aborted(signal));
  const response = await fetch(`${server.url}/events`);
  expect(response.status).toBe(200);
  await response.body?.cancel();
});

test("HEAD does not run the producer", async () => {
  const produce = vi.fn(async () => {});
  await start(produce);
  const response = await fetch(`${server.url}/events`, { method: "HEAD" });
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toBe("text/event-stream");
  expect(await response.text()).toBe("");
  expect(produce).not.toHaveBeenCalled();
});

test("the producer hears that the client has left", async () => {
  const ended = vi.fn();
  await start(async (write, signal) => {
    await aborted(signal);
    await write("nobody is there");
    ended();
  });
  const { socket, answer } = await talk(server.port, request);
  await vi.waitUntil(() => answer().includes("200"), { timeout: 5000 });
  expect(server.streams.open).toBe(1);
  socket.destroy();
  await vi.waitUntil(() => ended.mock.calls.length === 1, { timeout: 5000 });
  expect(server.streams).toMatchObject({ open: 0, dropped: 0 });
  expect(errors).toEqual([]);
});

test("a client that says that it sends no more is taken for one that has left", async () => {
  await start(async (_, signal) => aborted(signal));
  const { socket, answer } = await talk(server.port, request);
  await vi.waitUntil(() => answer().includes(" 200 "), { timeout: 10_000 });
  socket.end();
  await vi.waitUntil(() => server.streams.open === 0 && socket.closed, { timeout: 10_000 });
  const early = await talk(server.port, "");
  early.socket.end(request);
  await vi.waitUntil(() => early.socket.closed, { timeout: 10_000 });
  expect(early.answer()).toMatch(/^HTTP\/1.1 200 /);
  expect(server.streams.open).toBe(0);
});

test("a producer that waits is held up by a client that does not read; the others go on", async () => {
  let written = 0;
  await start(
    async (write, signal) => {
      while (!signal.aborted) {
        await write(Buffer.alloc(MIB));
        written += 1;
        // A client that reads would keep this loop from all else.
        await new Promise(setImmediate);
      }
    },
    { streams: { maxWaitingMs: 100 } },
  );
  const socket = await deaf();
  await vi.waitUntil(() => server.streams.dropped === 1, { timeout: 20_000 });
  // What the kernel holds for a connection, and no more: here some MiB.
  expect(written).toBeLessThan(64);
  await vi.waitUntil(() => server.streams.open === 0, { timeout: 5000 });
  socket.destroy();
});

test("a producer that does not wait cannot fill the memory: the client that does not read is dropped", async () => {
  const writers = new Set<Write>();
  await start(
    async (write, signal) => {
      writers.add(write);
      await aborted(signal);
      writers.delete(write);
    },
    { streams: { maxWaitingBytes: MIB } },
  );
  const socket = await deaf();
  const response = await fetch(`${server.url}/events`);
  let received = 0;
  const reading = (async () => {
    for await (const chunk of response.body ?? []) received += (chunk as Uint8Array).length;
  })();
  await vi.waitUntil(() => writers.size === 2, { timeout: 5000 });
  let sent = 0;
  // Far more than the kernel holds for a connection.
  while (sent < 256 * MIB && writers.size > 1) {
    for (const write of writers) void write(Buffer.alloc(MIB / 4));
    sent += MIB / 4;
    await vi.waitUntil(() => received >= sent || writers.size < 2, { timeout: 5000, interval: 1 });
  }
  expect(server.streams).toMatchObject({ open: 1, dropped: 1 });
  await vi.waitUntil(() => received === sent, { timeout: 5000 });
  socket.destroy();
  await server.close();
  await reading;
});

test("a part that is larger than the bound arrives whole", async () => {
  await start((write) => write(Buffer.alloc(3 * MIB)), { streams: { maxWaitingBytes: MIB } });
  const response = await fetch(`${server.url}/events`);
  expect((await response.arrayBuffer()).byteLength).toBe(3 * MIB);
  expect(server.streams.dropped).toBe(0);
});

test("more streams than there may be are told to come back", async () => {
  await start((_, signal) => aborted(signal), { streams: { maxStreams: 2 } });
  const open = [await fetch(`${server.url}/events`), await fetch(`${server.url}/events`)];
  const third = await fetch(`${server.url}/events`);
  expect([third.status, third.headers.get("retry-after")]).toEqual([503, "5"]);
  expect(await third.json()).toMatchObject({ error: { code: "too_many_streams" } });
  await open[0]?.body?.cancel();
  await vi.waitUntil(() => server.streams.open === 1, { timeout: 5000 });
  const fourth = await fetch(`${server.url}/events`);
  expect(fourth.status).toBe(200);
  await Promise.all([open[1]?.body?.cancel(), fourth.body?.cancel()]);
});

test.each([new Error("broken"), new HttpError(400, "busy", "Too late.")])(
  "an answer whose producer fails is cut, and told: %s",
  async (error) => {
    await start(async (write) => {
      await write("begun");
      throw error;
    });
    await expect(fetch(`${server.url}/events`).then((response) => response.text())).rejects.toThrow();
    expect(errors).toEqual([error]);
    await vi.waitUntil(() => server.streams.open === 0);
  },
);

test("closing the server ends streams at once, whole", async () => {
  await start(async (write, signal) => {
    await write("last");
    await aborted(signal);
  });
  const { socket, answer } = await talk(server.port, request);
  await vi.waitUntil(() => answer().includes("last"), { timeout: 5000 });
  await server.close(60_000);
  await vi.waitUntil(() => socket.closed, { timeout: 5000 });
  expect(answer()).toMatch(/last\r\n0\r\n\r\n$/);
});

test("a second stream on a connection begins when the first has ended", async () => {
  const begun: (() => void)[] = [];
  await start(async (write) => {
    await write(`${begun.length + 1}`);
    await new Promise<void>((resolve) => begun.push(resolve));
  });
  const { answer } = await talk(server.port, request + request);
  await vi.waitUntil(() => answer().endsWith("1\r\n"), { timeout: 5000 });
  await (await fetch(`${server.url}/none`)).text();
  expect(begun).toHaveLength(1);
  begun[0]?.();
  await vi.waitUntil(() => answer().endsWith("2\r\n"), { timeout: 5000 });
  expect(server.streams.open).toBe(1);
  begun[1]?.();
});

import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { content, json } from "../answer.ts";
import { type Route, route } from "../route.ts";
import { type HttpServer, type ServerOptions, startServer } from "../server.ts";
import { ask, talk } from "../testing/talk.ts";

const MIB = 1024 * 1024;
const large = Buffer.alloc(32 * MIB, "x");
let handled = 0;
let begun = 0;
let server: HttpServer;

const get = (path: `/${string}`, handler: Route<unknown>["answer"], purpose?: "watch" | "deliver") =>
  route({
    method: "GET",
    path,
    about: "",
    handler: () => handler({} as never, undefined),
    ...(purpose && { purpose }),
  });

const routes: Route<unknown>[] = [
  get("/x", () => json({ number: ++handled })),
  get("/health", () => json({}), "watch"),
  get("/large", () => content(large)),
  // It takes longer than a connection's part of a turn.
  get("/slow-large", () => {
    for (const until = performance.now() + 20; performance.now() < until; );
    return content(large);
  }),
  // A body of its own each time.
  get("/own", () => content(Buffer.alloc(8 * MIB, "y"))),
  get("/never", () => {
    begun += 1;
    return new Promise(() => {});
  }),
  get("/deliver", () => json({}), "deliver"),
  route({
    method: "POST",
    path: "/body",
    about: "",
    handler: async ({ incoming }) => json((await incoming.toArray()).length),
  }),
];

async function start(options: Partial<ServerOptions<unknown>> = {}): Promise<void> {
  [handled, begun] = [0, 0];
  server = await startServer({ routes, context: undefined, host: "127.0.0.1", port: 0, ...options });
}
afterEach(() => server.close(0));

const request = (path: string): string => `GET ${path} HTTP/1.1\r\nhost: localhost\r\n\r\n`;

/** A connection on which nothing is read until `resume`. */
async function deaf(text: string): Promise<Socket> {
  const socket = connect(server.port, "127.0.0.1").pause();
  onTestFinished(() => void socket.destroy());
  socket.on("error", () => {});
  await once(socket, "connect");
  socket.write(text);
  return socket;
}

const closed = (reason: "idle" | "unread" | "pipelined" | "slow" | "full") =>
  server.connections().closed[reason];
const wait = { timeout: 10_000 };

describe("pipelined requests", () => {
  test("whoever reads the answers gets all of them, in order", async () => {
    await start();
    const { answer } = await talk(server.port, request("/x").repeat(5_000));
    await vi.waitUntil(() => handled === 5_000 && answer().endsWith('{"number":5000}'), wait);
    expect([...answer().matchAll(/"number":(\d+)/g)].map(([, number]) => Number(number))).toEqual(
      Array.from({ length: 5_000 }, (_, index) => index + 1),
    );
  });

  test("bodies of any size between them arrive whole", async () => {
    await start();
    const post = (length: number) =>
      `POST /body HTTP/1.1\r\nhost: localhost\r\ncontent-length: ${length}\r\n\r\n${"b".repeat(length)}`;
    const lengths = [1, 100_000, 0, 3_000, 20_000, 1, 1, 1, 1, 1, 1, 1, 70_000];
    const { answer } = await talk(server.port, lengths.map(post).join("") + request("/x"));
    await vi.waitUntil(() => answer().endsWith('{"number":1}'), wait);
    expect(answer().match(/HTTP\/1\.1 200/g)).toHaveLength(lengths.length + 1);
  });

  test.each(["/large", "/slow-large"])(
    "the next one is handled when the answer before it was taken: %s",
    async (path) => {
      await start();
      const socket = await deaf(request(path) + request("/x").repeat(100));
      await vi.waitUntil(() => server.connections().answerBytes === large.length, wait);
      expect(handled).toBe(0);
      socket.resume();
      await vi.waitUntil(() => handled === 100, wait);
      expect(server.connections().closed.pipelined).toBe(0);
    },
  );

  test("too many connections that pipeline are cut", async () => {
    await start({ limits: { maxHeld: 2 } });
    for (let i = 0; i < 5; i++) await deaf(request("/never") + request("/x").repeat(3_000));
    await vi.waitUntil(() => closed("pipelined") === 3, wait);
    expect(server.connections().open).toBe(2);
  });
});

describe("a client that says that it sends no more", () => {
  /** What it gets until the connection is closed. */
  const answersTo = async (text: string): Promise<string> => {
    const { socket, answer } = await talk(server.port, text);
    socket.end();
    await vi.waitUntil(() => socket.readableEnded || socket.destroyed, wait);
    return answer();
  };

  test("gets its answers, however many it waits for, and then the connection ends", async () => {
    await start();
    const body = "x".repeat(100_000);
    const post = `POST /body HTTP/1.1\r\nhost: localhost\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
    expect(await answersTo(post)).toMatch(/^HTTP\/1.1 200 /);
    expect((await answersTo(request("/large"))).length).toBeGreaterThan(large.length);
    const many = await answersTo(request("/x").repeat(500) + post + request("/x").repeat(500));
    expect(many.match(/HTTP\/1.1 200 /g)).toHaveLength(1_001);
    await vi.waitUntil(() => server.connections().open === 0, wait);
  });

  test("without a request, or with half of one, harms nobody", async () => {
    await start();
    expect(await answersTo("")).toBe("");
    expect(await answersTo("GET /x HT")).toMatch(/^HTTP\/1.1 400 /);
    expect(await answersTo("POST /body HTTP/1.1\r\nhost: localhost\r\ncontent-length: 9\r\n\r\n1")).toMatch(
      /^HTTP\/1.1 400 /,
    );
    await vi.waitUntil(() => server.connections().open === 0, wait);
    expect((await ask(server.port, "GET /x HTTP/1.1\r\nhost: localhost")).status).toBe(200);
  });
});

describe("answers that are not taken", () => {
  test("who takes nothing is cut; who reads slowly is served", async () => {
    await start({ limits: { unreadMs: 600 } });
    const slow = await deaf(request("/large"));
    let read = 0;
    const reading = setInterval(() => {
      for (let chunk = slow.read(256 * 1024); chunk !== null; chunk = null) read += chunk.length;
    }, 50);
    onTestFinished(() => clearInterval(reading));
    await deaf(request("/large"));
    await vi.waitUntil(() => closed("unread") === 1, wait);
    const before = read;
    await vi.waitUntil(() => read > before + 2 * MIB, wait);
    expect(slow.destroyed).toBe(false);
    expect(closed("unread")).toBe(1);
  });

  test("their bytes are bounded: who has taken nothing for longest makes room", async () => {
    await start({ limits: { maxAnswerBytes: 20 * MIB } });
    await deaf(request("/own"));
    await deaf(request("/own"));
    await vi.waitUntil(() => server.connections().answerBytes === 16 * MIB, wait);
    // As long as both may still be reading, the third is refused.
    expect((await ask(server.port, "GET /own HTTP/1.1\r\nhost: localhost")).status).toBe(503);
    await vi.waitUntil(
      async () => (await ask(server.port, "GET /own HTTP/1.1\r\nhost: localhost")).status === 200,
      wait,
    );
    expect(closed("unread")).toBe(1);
    expect(server.connections().answerBytes).toBeLessThanOrEqual(16 * MIB);
  });

  test("one body that many wait for counts once", async () => {
    await start({ limits: { maxAnswerBytes: large.length } });
    for (let i = 0; i < 5; i++) await deaf(request("/large"));
    await vi.waitUntil(() => server.connections().open === 5, wait);
    const { body } = await ask(server.port, "GET /large HTTP/1.1\r\nhost: localhost");
    expect(body).toHaveLength(large.length);
    expect(closed("unread")).toBe(0);
  });
});

describe("at the limit of connections", () => {
  test("the one that has waited longest for its client makes room", async () => {
    const news: boolean[] = [];
    await start({ limits: { maxConnections: 3 }, onConnections: ({ full }) => news.push(full) });
    const [first, second] = [await deaf(""), await deaf("GET /x HTTP/1.1\r\n")];
    await deaf("POST /body HTTP/1.1\r\nhost: localhost\r\ncontent-length: 9\r\n\r\n1");
    await vi.waitUntil(() => server.connections().open === 3, wait);
    for (const oldest of [first, second]) {
      oldest.resume();
      const { answer } = await talk(server.port, request("/x"));
      await vi.waitUntil(() => answer().includes(" 200 "), wait);
      await vi.waitUntil(() => oldest.closed, wait);
    }
    expect(closed("idle")).toBe(2);
    expect(news).toEqual([true]);
  });

  test("who has delivered telemetry is closed after those who have not", async () => {
    await start({ limits: { maxConnections: 2 } });
    const { socket, answer } = await talk(server.port, request("/deliver"));
    await vi.waitUntil(() => answer().includes(" 200 "), wait);
    for (let i = 0; i < 5; i++) await talk(server.port, request("/x"));
    await vi.waitUntil(() => closed("idle") === 4, wait);
    expect(socket.closed).toBe(false);
  });

  test("if all are at work, health is answered and others are told to come back", async () => {
    await start({ limits: { maxConnections: 2 } });
    for (let i = 0; i < 2; i++) await deaf(request("/never"));
    await vi.waitUntil(() => begun === 2, wait);
    expect(await ask(server.port, "GET /health HTTP/1.1\r\nhost: localhost")).toMatchObject({ status: 200 });
    const refused = await ask(server.port, "GET /x HTTP/1.1\r\nhost: localhost");
    expect(refused).toMatchObject({ status: 503, body: expect.stringContaining("too_many_connections") });
    expect(refused.text).toContain("retry-after: 1");
    // The reserve cannot be filled up either.
    for (let i = 0; i < 100; i++) await deaf("");
    expect(await ask(server.port, "GET /health HTTP/1.1\r\nhost: localhost")).toMatchObject({ status: 200 });
  });
});

describe("work", () => {
  test("what takes too long is answered 503", async () => {
    await start({ limits: { handlingMs: 50 } });
    const { status, body } = await ask(server.port, "GET /never HTTP/1.1\r\nhost: localhost");
    expect(status).toBe(503);
    expect(body).toContain("handling_timeout");
  });

  test("requests of the API are worked on up to a limit; health and deliveries always", async () => {
    await start({ limits: { maxHandling: 2 } });
    for (let i = 0; i < 2; i++) await deaf(request("/never"));
    await vi.waitUntil(() => begun === 2, wait);
    expect(await ask(server.port, "GET /x HTTP/1.1\r\nhost: localhost")).toMatchObject({ status: 503 });
    for (const path of ["/health", "/deliver"]) {
      expect((await ask(server.port, `GET ${path} HTTP/1.1\r\nhost: localhost`)).status).toBe(200);
    }
  });
});

import { once } from "node:events";
import { connect } from "node:net";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Log } from "../log/log.ts";
import { createMemoryLog } from "../log/memory-log.ts";
import { decodeAnswer } from "../otlp/testing/otlp-schema.ts";
import { decodeRecord } from "./replay.ts";
import { gaugeBody, tracesBody, tracesJsonBody, tradeSpan } from "./testing/bodies.ts";
import { type Receiver, startReceiver } from "./testing/receiver.ts";

const PROTOBUF = "application/x-protobuf";
const JSON_TYPE = "application/json";
const LIMIT = 64 * 1024;

let receiver: Receiver;
beforeEach(async () => {
  receiver = await startReceiver({ maxBodyBytes: LIMIT });
});
afterEach(() => receiver.close());

const send = async (
  body: Uint8Array | string,
  headers: Record<string, string> = {},
  path = "/v1/traces",
): Promise<{ status: number; headers: Headers; body: Buffer }> => {
  const answer = await fetch(receiver.server.url + path, {
    method: "POST",
    headers: { "content-type": typeof body === "string" ? JSON_TYPE : PROTOBUF, ...headers },
    body: body as Uint8Array<ArrayBuffer> | string,
  });
  return { status: answer.status, headers: answer.headers, body: Buffer.from(await answer.arrayBuffer()) };
};

/** After whatever came before: a good request is taken, and nothing is left in flight. */
const servesOn = async (headers: Record<string, string> = {}): Promise<void> => {
  const before = receiver.spans().length;
  expect((await send(tracesBody(tradeSpan()), headers)).status).toBe(200);
  expect(receiver.spans().length).toBe(before + 1);
  expect(receiver.intake.bytesInFlight()).toBe(0);
  expect(receiver.errors).toEqual([]);
};

describe("good requests", () => {
  test("protobuf: an empty answer in protobuf, the body in the log as it came, the batch with the engine", async () => {
    const body = tracesBody(tradeSpan(), tradeSpan());
    const answer = await send(body);
    expect([answer.status, answer.headers.get("content-type"), answer.body.length]).toEqual([
      200,
      PROTOBUF,
      0,
    ]);
    expect(receiver.spans()).toHaveLength(2);
    for await (const record of receiver.log.read(0)) {
      expect(record).toMatchObject({ kind: "traces", format: "protobuf", compression: "none", position: 1 });
      if (record.kind === "traces") expect(Buffer.from(record.body).equals(body)).toBe(true);
    }
  });

  test("JSON: an empty message in JSON", async () => {
    const answer = await send(tracesJsonBody(tradeSpan()), {
      "content-type": "Application/JSON; charset=utf-8",
    });
    expect([answer.status, answer.headers.get("content-type"), String(answer.body)]).toEqual([
      200,
      JSON_TYPE,
      "{}",
    ]);
    expect(receiver.spans()).toMatchObject([{ resource: { service: "bot" }, durationSeconds: 0.005 }]);
  });

  test("gzip, small and large, is logged as it came and decoded again to the same", async () => {
    const bodies = [tracesBody(tradeSpan()), tracesBody(...Array.from({ length: 600 }, () => tradeSpan()))];
    receiver.close();
    receiver = await startReceiver();
    for (const body of bodies)
      expect((await send(gzipSync(body), { "content-encoding": "gzip" })).status).toBe(200);
    expect(receiver.spans()).toHaveLength(601);
    const live = receiver.committed.map(({ record }) => record);
    const replayed = [];
    for await (const record of receiver.log.read(0)) replayed.push(decodeRecord(record));
    expect(JSON.stringify(replayed)).toBe(JSON.stringify(live));
  });

  test("metrics", async () => {
    expect((await send(gaugeBody(3), {}, "/v1/metrics")).status).toBe(200);
    expect(receiver.points()).toMatchObject([{ value: 3, resource: { service: "bot" } }]);
  });

  test("empty batches and duplicate batches are taken: to tell duplicates is the engine's work", async () => {
    expect((await send(new Uint8Array(0))).status).toBe(200);
    expect((await send("{}")).status).toBe(200);
    expect((await send('{"resourceSpans":[]}')).status).toBe(200);
    const body = tracesBody(tradeSpan());
    await send(body);
    await send(body);
    expect(receiver.spans()).toHaveLength(2);
    await servesOn();
  });

  test("a clock an hour ahead or a day late is the engine's to judge", async () => {
    const hour = 3_600_000;
    const [now, ahead, late] = [Date.now(), Date.now() + hour, Date.now() - 24 * hour];
    const answer = await send(tracesBody(tradeSpan(now), tradeSpan(ahead), tradeSpan(late)));
    expect([answer.status, answer.body.length]).toEqual([200, 0]);
    expect(receiver.spans().map(({ endMs }) => endMs)).toEqual([now, ahead, late]);
  });

  test("records reach the engine in log order, each once, stamped with the time of receipt", async () => {
    let clock = 1000;
    await receiver.close();
    receiver = await startReceiver({ now: () => clock++ });
    const sent = Array.from({ length: 40 }, (_, index) =>
      index % 4 === 0 ? receiver.journal.commitTick(index) : send(tracesBody(tradeSpan())),
    );
    await Promise.all(sent);
    expect(receiver.committed.map(({ position }) => position)).toEqual(sent.map((_, index) => index + 1));
    let position = 0;
    for await (const record of receiver.log.read(0)) {
      expect(receiver.committed[position++]?.record.receivedMs).toBe(record.receivedMs);
    }
  });
});

describe("partial success", () => {
  const bad = { ...tradeSpan(), traceId: new Uint8Array(16) };

  test("protobuf", async () => {
    const { status, body } = await send(tracesBody(tradeSpan(), bad, tradeSpan(Date.now(), -5)));
    expect(status).toBe(200);
    expect(decodeAnswer("ExportResponse", body)).toMatchObject({
      partialSuccess: { rejected: 2, errorMessage: expect.stringContaining("trace id is zero") },
    });
    expect(receiver.spans()).toHaveLength(1);
    await servesOn();
  });

  test("JSON", async () => {
    const { status, body } = await send(tracesJsonBody(bad, tradeSpan()));
    expect(status).toBe(200);
    expect(JSON.parse(String(body))).toEqual({
      partialSuccess: { rejectedSpans: "1", errorMessage: expect.stringContaining("trace id is zero") },
    });
    expect(receiver.committed[0]?.record.batch).toMatchObject({
      refusals: [{ count: 1, resource: { service: "bot" } }],
    });
  });

  test("metrics", async () => {
    const { body } = await send(gaugeBody(1, 0), {}, "/v1/metrics");
    expect(decodeAnswer("ExportResponse", body)).toMatchObject({ partialSuccess: { rejected: 1 } });
    await send(gaugeBody(Number.NaN), {}, "/v1/metrics");
    await send(gaugeBody(Number.POSITIVE_INFINITY), {}, "/v1/metrics");
    expect(receiver.points()).toEqual([]);
  });
});

describe("bad requests get the right status, a message in their own format, and harm no one", () => {
  const good = tracesBody(tradeSpan());
  const deep = `{"x":${"[".repeat(10_000)}${"]".repeat(10_000)}}`;
  test.each<[string, Uint8Array | string, Record<string, string>, number, string]>([
    ["truncated", good.subarray(0, good.length - 5), {}, 400, "truncated"],
    ["wrong wire type", Uint8Array.of(0x08, 0x01), {}, 400, "wrong_type"],
    ["truncated JSON", tracesJsonBody(tradeSpan()).slice(0, -3), {}, 400, "malformed"],
    ["JSON of another shape", '{"resourceSpans":"no"}', {}, 400, "wrong_type"],
    ["deeply nested", deep, {}, 400, "too_deep"],
    ["no gzip", good, { "content-encoding": "gzip" }, 400, "bad_gzip"],
    ["truncated gzip", gzipSync(good).subarray(0, 30), { "content-encoding": "gzip" }, 400, "bad_gzip"],
    ["oversized", new Uint8Array(LIMIT + 1), {}, 413, "too_large"],
    [
      "a small gzip bomb",
      gzipSync(Buffer.alloc(5_000_000)),
      { "content-encoding": "gzip" },
      413,
      "too_large",
    ],
    ["a gzip bomb", gzipSync(Buffer.alloc(50_000_000)), { "content-encoding": "gzip" }, 413, "too_large"],
    ["another type", good, { "content-type": "text/plain" }, 415, "unsupported_media_type"],
    ["another encoding", good, { "content-encoding": "br" }, 415, "unsupported_encoding"],
    ["two encodings", good, { "content-encoding": "gzip, gzip" }, 415, "unsupported_encoding"],
  ])("%s", async (_, body, headers, status, code) => {
    const answer = await send(body, headers);
    expect(answer.status).toBe(status);
    const type = headers["content-type"] ?? (typeof body === "string" ? JSON_TYPE : PROTOBUF);
    if (type === PROTOBUF) {
      expect(answer.headers.get("content-type")).toBe(PROTOBUF);
      expect(decodeAnswer("RpcStatus", answer.body)).toEqual({
        code: 3,
        message: expect.stringMatching(/\w+ .*\./),
      });
    } else {
      expect(JSON.parse(String(answer.body))).toMatchObject({
        code: 3,
        message: expect.any(String),
        error: { code, message: expect.any(String) },
      });
    }
    expect(receiver.intake.counts()).toEqual({ [code]: 1 });
    expect(receiver.log.position).toBe(0);
    await servesOn();
  });

  test("what is allowed is named", async () => {
    const type = await send(good, { "content-type": "text/plain" });
    expect(String(type.body)).toContain(`${PROTOBUF} or ${JSON_TYPE}`);
    const encoding = await send(good, { "content-encoding": "zstd" });
    expect(encoding.headers.get("accept-encoding")).toBe("gzip, identity");
  });

  test("more than was announced to be too much is not read, and the answer still arrives", async () => {
    const socket = connect(receiver.server.port, "127.0.0.1").on("error", () => {});
    await once(socket, "connect");
    let answer = "";
    socket.on("data", (chunk) => {
      answer += String(chunk);
    });
    const head = `POST /v1/traces HTTP/1.1\r\nhost: h\r\ncontent-type: ${JSON_TYPE}\r\n`;
    socket.write(`${head}content-length: 9000000000\r\n\r\n{`);
    await vi.waitUntil(() => answer.includes("too_large"), { timeout: 5000 });
    expect(answer).toMatch(/^HTTP\/1.1 413 .*connection: close/is);
    await vi.waitUntil(() => socket.closed || socket.destroyed, { timeout: 10_000 });
    await servesOn();
  });

  test("a body without a length is refused where it passes the limit, however much follows", async () => {
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array(10_000)),
    });
    const answer = await fetch(`${receiver.server.url}/v1/traces`, {
      method: "POST",
      headers: { "content-type": PROTOBUF },
      body: endless,
      duplex: "half",
    } as RequestInit).catch((error: unknown) => error);
    if (answer instanceof Response) expect(answer.status).toBe(413);
    await vi.waitUntil(() => receiver.intake.counts().too_large === 1, { timeout: 5000 });
    await servesOn();
  });

  test("a client that leaves in the middle leaves nothing behind", async () => {
    const socket = connect(receiver.server.port, "127.0.0.1").on("error", () => {});
    await once(socket, "connect");
    socket.write(
      `POST /v1/traces HTTP/1.1\r\nhost: h\r\ncontent-type: ${PROTOBUF}\r\ncontent-length: 500\r\n\r\nabc`,
    );
    await vi.waitUntil(() => receiver.intake.bytesInFlight() === 3, { timeout: 5000 });
    socket.destroy();
    await vi.waitUntil(() => receiver.intake.counts().gone === 1, { timeout: 5000 });
    await servesOn();
  });
});

describe("the token", () => {
  beforeEach(async () => {
    await receiver.close();
    receiver = await startReceiver({ token: "s3cret" });
  });

  test.each([
    {},
    { authorization: "Bearer wrong" },
    { authorization: "s3cret" },
    { authorization: "Basic s3cret" },
  ])("%o is turned away", async (headers: Record<string, string>) => {
    const answer = await send(tracesBody(tradeSpan()), headers);
    expect(answer.status).toBe(401);
    expect(answer.headers.get("www-authenticate")).toContain("Bearer");
    expect(decodeAnswer("RpcStatus", answer.body)).toMatchObject({ code: 16 });
    expect(receiver.log.position).toBe(0);
    await servesOn({ authorization: "bearer s3cret" });
  });
});

describe("when the log cannot keep up", () => {
  /** A log that commits when it is told to, or fails. */
  const held = (): { log: Log; commit: () => void; fail: (reason: string) => void } => {
    const inner = createMemoryLog({ maxBytes: 1e9 });
    const waiting: { resolve: () => void; reject: (error: Error) => void }[] = [];
    const log: Log = {
      ...inner,
      append: (record) =>
        new Promise((resolve, reject) => {
          waiting.push({ resolve: () => resolve(inner.append(record)), reject });
        }),
    };
    return {
      log,
      commit: () => {
        for (const { resolve } of waiting.splice(0)) resolve();
      },
      fail: (reason) => {
        for (const { reject } of waiting.splice(0)) reject(new Error(reason));
      },
    };
  };

  test("no answer before the commit; what would be too much in flight is told to come back", async () => {
    const { log, commit } = held();
    const body = tracesBody(tradeSpan());
    await receiver.close();
    receiver = await startReceiver({ log, maxInFlightBytes: body.length * 3 });
    let answered = 0;
    const first = [1, 2, 3].map(() => send(body).finally(() => answered++));
    await vi.waitUntil(() => receiver.intake.bytesInFlight() === body.length * 3, { timeout: 5000 });
    const turnedAway = await send(body);
    expect(turnedAway.status).toBe(429);
    expect(Number(turnedAway.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(decodeAnswer("RpcStatus", turnedAway.body)).toMatchObject({ code: 8 });
    expect([answered, receiver.committed.length]).toEqual([0, 0]);

    commit();
    expect((await Promise.all(first)).map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(receiver.intake.bytesInFlight()).toBe(0);
    const next = send(body);
    await vi.waitUntil(() => receiver.intake.bytesInFlight() > 0, { timeout: 5000 });
    commit();
    expect((await next).status).toBe(200);
  });

  test("a log that fails gives 503 with the reason, and the engine sees nothing of it", async () => {
    const { log, commit, fail } = held();
    await receiver.close();
    receiver = await startReceiver({ log });
    const refused = send(tracesJsonBody(tradeSpan()));
    await vi.waitUntil(() => receiver.intake.bytesInFlight() > 0, { timeout: 5000 });
    fail("disk full");
    const answer = await refused;
    expect(answer.status).toBe(503);
    expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(JSON.parse(String(answer.body))).toMatchObject({ code: 14, error: { code: "log_unavailable" } });
    expect(String(answer.body)).toContain("disk full");
    expect(receiver.committed).toEqual([]);
    const next = send(tracesBody(tradeSpan()));
    await vi.waitUntil(() => receiver.intake.bytesInFlight() > 0, { timeout: 5000 });
    commit();
    expect((await next).status).toBe(200);
    expect(receiver.committed).toHaveLength(1);
  });
});

test("an error in the engine is reported and does not stop the records behind it", async () => {
  const { createJournal } = await import("./journal.ts");
  const seen: number[] = [];
  const errors: unknown[] = [];
  const journal = createJournal({
    log: createMemoryLog({ maxBytes: 1e6 }),
    onCommitted: (_, position) => {
      if (position === 1) throw new Error("bug");
      seen.push(position);
    },
    onError: (error) => errors.push(error),
  });
  await Promise.all([journal.commitTick(1), journal.commitTick(2)]);
  expect(seen).toEqual([2]);
  expect(errors).toMatchObject([{ message: "bug" }]);
});

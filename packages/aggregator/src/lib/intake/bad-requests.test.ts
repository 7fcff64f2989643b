import { once } from "node:events";
import { connect } from "node:net";
import { gzipSync } from "node:zlib";
import { decodeAnswer } from "@slipstream/testing/otlp-schema";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { mediaType } from "./media.ts";
import { tracesBody, tracesJsonBody, tradeSpan } from "./testing/bodies.ts";
import { type Receiver, startReceiver } from "./testing/receiver.ts";

const LIMIT = 512 * 1024;

let receiver: Receiver;
beforeEach(async () => {
  receiver = await startReceiver({ maxBodyBytes: LIMIT });
});
afterEach(() => receiver.close());

describe("bad requests get the right status, a message in their own format, and harm no one", () => {
  const good = tracesBody(tradeSpan());
  const manySpans = `{"resourceSpans":[${new Array(140_000).fill("{}").join(",")}]}`;
  test.each<[string, Uint8Array | string, Record<string, string>, number, string]>([
    ["truncated", good.subarray(0, good.length - 5), {}, 400, "truncated"],
    ["wrong wire type", Uint8Array.of(0x08, 0x01), {}, 400, "wrong_type"],
    ["truncated JSON", tracesJsonBody(tradeSpan()).slice(0, -3), {}, 400, "malformed"],
    ["JSON of another shape", '{"resourceSpans":"no"}', {}, 400, "wrong_type"],
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
    ["too many spans", manySpans, {}, 413, "too_many"],
    ["no zstd", good, { "content-encoding": "zstd" }, 400, "bad_zstd"],
    ["another type", good, { "content-type": "text/plain" }, 415, "unsupported_media_type"],
    ["another encoding", good, { "content-encoding": "br" }, 415, "unsupported_encoding"],
    ["two encodings", good, { "content-encoding": "gzip, gzip" }, 415, "unsupported_encoding"],
  ])("%s", async (_, body, headers, status, code) => {
    const answer = await receiver.send(body, headers);
    expect(answer.status).toBe(status);
    const type = headers["content-type"] ?? (typeof body === "string" ? mediaType.json : mediaType.protobuf);
    if (type === mediaType.protobuf) {
      expect(answer.headers.get("content-type")).toBe(mediaType.protobuf);
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
    await receiver.servesOn();
  });

  test("what is allowed is named", async () => {
    const type = await receiver.send(good, { "content-type": "text/plain" });
    expect(String(type.body)).toContain(`${mediaType.protobuf} or ${mediaType.json}`);
    const encoding = await receiver.send(good, { "content-encoding": "br" });
    expect(encoding.headers.get("accept-encoding")).toBe("gzip, zstd, identity");
    const large = await receiver.send(new Uint8Array(LIMIT + 1));
    expect(String(large.body)).toMatch(/max_size .* send_batch_max_size .* maxBodyBytes/);
  });

  test("more than was announced to be too much is not read, and the answer still arrives", async () => {
    const socket = connect(receiver.server.port, "127.0.0.1").on("error", () => {});
    await once(socket, "connect");
    let answer = "";
    socket.on("data", (chunk) => {
      answer += String(chunk);
    });
    const head = `POST /v1/traces HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: ${mediaType.json}\r\n`;
    socket.write(`${head}content-length: 9000000000\r\n\r\n{`);
    await vi.waitUntil(() => answer.includes("too_large"), { timeout: 5000 });
    expect(answer).toMatch(/^HTTP\/1.1 413 .*connection: close/is);
    await vi.waitUntil(() => socket.closed || socket.destroyed, { timeout: 10_000 });
    await receiver.servesOn();
  });

  test("a body without a length is refused where it passes the limit, however much follows", async () => {
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array(10_000)),
    });
    const answer = await fetch(`${receiver.server.url}/v1/traces`, {
      method: "POST",
      headers: { "content-type": mediaType.protobuf },
      body: endless,
      duplex: "half",
    } as RequestInit).catch((error: unknown) => error);
    if (answer instanceof Response) expect(answer.status).toBe(413);
    await vi.waitUntil(() => receiver.intake.counts().too_large === 1, { timeout: 5000 });
    await receiver.servesOn();
  });

  test("a client that leaves in the middle leaves nothing behind", async () => {
    const socket = connect(receiver.server.port, "127.0.0.1").on("error", () => {});
    await once(socket, "connect");
    socket.write(
      `POST /v1/traces HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: ${mediaType.protobuf}\r\ncontent-length: 500\r\n\r\nabc`,
    );
    await vi.waitUntil(() => receiver.intake.bytesInFlight() === 3, { timeout: 5000 });
    socket.destroy();
    await vi.waitUntil(() => receiver.intake.counts().gone === 1, { timeout: 5000 });
    await receiver.servesOn();
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
    const answer = await receiver.send(tracesBody(tradeSpan()), headers);
    expect(answer.status).toBe(401);
    expect(answer.headers.get("www-authenticate")).toContain("Bearer");
    expect(decodeAnswer("RpcStatus", answer.body)).toMatchObject({ code: 16 });
    expect(receiver.log.position).toBe(0);
    await receiver.servesOn({ authorization: "bearer s3cret" });
  });
});

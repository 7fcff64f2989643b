import { execFile } from "node:child_process";
import { createServer, type RequestListener } from "node:http";
import { promisify } from "node:util";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { listening } from "@slipstream/testing/listening";
import { expect, test } from "vitest";
import { type PostAnswer, post } from "./post.ts";

const text = JSON.stringify({ result: "block ".repeat(100_000) });

async function serve(listener: RequestListener): Promise<URL> {
  const server = createServer((request, response) => {
    request.resume().on("end", () => listener(request, response));
  });
  return new URL(`http://127.0.0.1:${await listening(server)}/?key=secret`);
}

const ask = (url: URL, timeoutMs = 20_000, most = 2 ** 20): Promise<PostAnswer> =>
  post(url, { "content-type": "application/json" }, "{}", timeoutMs, most);

test.each([
  ["identity", Buffer.from(text)],
  ["gzip", gzipSync(text)],
  ["GZip", gzipSync(text)],
  ["deflate", deflateSync(text)],
  ["br", brotliCompressSync(text)],
])("an answer encoded as %s is read whole, in one piece and in many", async (encoding, bytes) => {
  for (const pieces of [1, 7]) {
    const url = await serve((_request, response) => {
      response.setHeader("content-encoding", encoding);
      if (pieces === 1) response.end(bytes);
      else {
        for (let at = 0; at < bytes.length; at += Math.ceil(bytes.length / pieces))
          response.write(bytes.subarray(at, at + Math.ceil(bytes.length / pieces)));
        response.end();
      }
    });
    const { status, body } = await ask(url);
    expect([status, Buffer.from(body).toString() === text]).toEqual([200, true]);
  }
});

test("an answer that ends early, or is not encoded as it says, is an error without the URL", async () => {
  const cut = await serve((_request, response) => {
    response.setHeader("content-length", text.length);
    response.write(text.slice(0, 1_000), () => response.destroy());
  });
  const cutGzip = await serve((_request, response) => {
    response.setHeader("content-encoding", "gzip");
    response.end(gzipSync(text).subarray(0, -20));
  });
  const wrong = await serve((_request, response) => {
    response.setHeader("content-encoding", "gzip");
    response.end(text);
  });
  const unknown = await serve((_request, response) => {
    response.setHeader("content-encoding", "lzma");
    response.end(text);
  });
  const told = await Promise.all([cut, cutGzip, wrong, unknown].map((url) => ask(url).catch(String)));
  expect(told).toEqual([
    "PostError: the answer ended early",
    "PostError: the answer cannot be read (Z_BUF_ERROR)",
    "PostError: the answer cannot be read (Z_DATA_ERROR)",
    "PostError: the answer has an unknown encoding",
  ]);
});

test("an answer that is too long is not read to its end, compressed or not", async () => {
  const endless = await serve((_request, response) => {
    const write = (): boolean => !response.destroyed && response.write(text, write);
    write();
  });
  const bomb = await serve((_request, response) => {
    response.setHeader("content-encoding", "gzip");
    response.end(gzipSync(Buffer.alloc(2 ** 25)));
  });
  for (const url of [endless, bomb])
    await expect(ask(url)).rejects.toThrow("the answer is longer than 1048576 bytes");
});

test("a proxy is used if Node is told to use one", async () => {
  const asked: string[] = [];
  const proxy = await serve((request, response) => {
    asked.push(request.url ?? "");
    response.end("{}");
  });
  const module = JSON.stringify(new URL("./post.ts", import.meta.url).href);
  const script = `const { post } = await import(${module});
    await post(new URL("http://node.invalid/path"), {}, "{}", 20_000, 99);`;
  const env = { ...process.env, NODE_USE_ENV_PROXY: "1", HTTP_PROXY: proxy.origin, NO_PROXY: "" };
  await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script], { env });
  expect(asked).toEqual(["http://node.invalid/path"]);
});

test("a node that does not answer, or stops in the middle, is given up after the time", async () => {
  const silent = await serve(() => {});
  const stuck = await serve((_request, response) => {
    response.write(text.slice(0, 10));
  });
  for (const url of [silent, stuck]) await expect(ask(url, 200)).rejects.toThrow("no answer within 200 ms");
});

test("a redirect is not followed", async () => {
  let asked = 0;
  const other = await serve((_request, response) => {
    asked++;
    response.end(text);
  });
  const url = await serve((_request, response) => {
    response.writeHead(307, { location: other.href }).end("elsewhere");
  });
  const { status, body } = await ask(url);
  expect([status, body.length, asked]).toEqual([307, 0, 0]);
});

test("a connection that the node closed meanwhile is not used again", async () => {
  const url = await serve((request, response) => {
    response.end("{}", () => setImmediate(() => request.socket.destroy()));
  });
  for (let at = 0; at < 20; at++) expect((await ask(url)).status).toBe(200);
});

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";
import { decodeTraces } from "@slipstream/otlp/decode";
import type { Received } from "./messages.ts";

// An OTLP receiver in a process of its own. It counts spans by the first part of the path, so that several services share it.
const spans: Record<string, number> = {};
const server = createServer(async (request, response) => {
  const [, sender = "", ...signal] = (request.url ?? "").split("/");
  const body = await buffer(request);
  if (signal.join("/") === "v1/traces") {
    const plain = request.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body;
    const format = request.headers["content-type"] === "application/json" ? "json" : "protobuf";
    spans[sender] = (spans[sender] ?? 0) + decodeTraces(plain, format).spans.length;
  }
  response.writeHead(200, { "content-type": "application/x-protobuf", "content-length": 0 }).end();
});
server.keepAliveTimeout = 60_000;

function report(): void {
  const { port } = server.address() as AddressInfo;
  process.send?.({ url: `http://127.0.0.1:${port}`, spans } satisfies Received);
}

process.on("message", report);
process.once("disconnect", () => process.exit());
server.listen(0, "127.0.0.1", report);

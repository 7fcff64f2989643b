import type { Attack } from "../attack.ts";
import { keepOpen, post } from "../sockets.ts";

const firsts = [
  "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
  "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
  "\x00\x01\x02 no HTTP at all",
  post("/v1/logs", "content-type: application/x-protobuf\r\ncontent-length: 0"),
  post("/api/v1/write", "x-prometheus-remote-write-version: 0.1.0\r\ncontent-length: 0"),
  post("/v1/traces/v1/traces", "content-type: application/json\r\ncontent-length: 2\r\n\r\n{}"),
  "CONNECT example.com:443 HTTP/1.1\r\nhost: example.com\r\n\r\n",
];

export const wrongPlace: Attack = {
  name: "wrong-place",
  about:
    "700 connections that send TLS, HTTP/2, garbage and what is meant for other receivers, and come again each second",
  begin: (port) => {
    for (const first of firsts) keepOpen(port, 100, { first: Buffer.from(first, "latin1"), reads: true });
  },
};

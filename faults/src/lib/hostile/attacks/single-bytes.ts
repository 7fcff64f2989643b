import type { Attack } from "../attack.ts";
import { keepOpen, post } from "../sockets.ts";

const head = post("/v1/traces", "content-type: application/json\r\ntransfer-encoding: chunked");

export const singleBytes: Attack = {
  name: "single-bytes",
  about: "4 connections that send bodies of 3 MB in chunks of a single byte",
  maxTurnMs: 20,
  begin: (port) =>
    keepOpen(port, 4, {
      first: `${head}${"1\r\n \r\n".repeat(3_000_000)}`,
      reads: true,
    }),
};

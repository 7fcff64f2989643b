import type { Attack } from "../attack.ts";
import { keepOpen, post } from "../sockets.ts";

export const unendedBodies: Attack = {
  name: "unended-bodies",
  about:
    "16 connections that send all but the end of a body of 4.5 MB, and then nothing: more than all requests may hold",
  begin: (port) =>
    keepOpen(port, 16, {
      first: `${post("/v1/traces", "content-type: application/json\r\ncontent-length: 4500000")}${" ".repeat(4_490_000)}`,
      reads: true,
    }),
};

import type { Attack } from "../attack.ts";
import { keepOpen, post } from "../sockets.ts";

export const unendedBodies: Attack = {
  name: "unended-bodies",
  about: "8 connections that send all but the end of a body of 16 MB, and then nothing",
  begin: (port) =>
    keepOpen(port, 8, {
      first: `${post("/v1/traces", "content-type: application/json\r\ncontent-length: 16000000")}${" ".repeat(15_990_000)}`,
      reads: true,
    }),
};

import type { Attack } from "../attack.ts";
import { keepOpen, post } from "../sockets.ts";

export const slowBodies: Attack = {
  name: "slow-bodies",
  about: "4,200 connections that send a byte of a request's body each second",
  begin: (port) =>
    keepOpen(port, 4_200, {
      first: post("/v1/traces", "content-type: application/json\r\ncontent-length: 100000"),
      reads: true,
      goesOn: { everyMs: 1_000, text: "{" },
    }),
};

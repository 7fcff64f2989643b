import type { Attack } from "../attack.ts";
import { keepOpen } from "../sockets.ts";

export const slowHeaders: Attack = {
  name: "slow-headers",
  about: "4,200 connections that send a byte of their headers each second",
  begin: (port) =>
    keepOpen(port, 4_200, {
      first: "GET /healthz HTTP/1.1\r\nhost: 127.0.0.1\r\nx: ",
      reads: true,
      goesOn: { everyMs: 1_000, text: "x" },
    }),
};

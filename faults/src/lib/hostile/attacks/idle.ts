import type { Attack } from "../attack.ts";
import { get, keepOpen } from "../sockets.ts";

export const idle: Attack = {
  name: "idle",
  about: "4,200 connections that stay idle after a request",
  begin: (port) => keepOpen(port, 4_200, { first: get("/healthz"), reads: true }),
};

import type { Attack } from "../attack.ts";
import { get, keepOpen } from "../sockets.ts";

export const unreadPipelines: Attack = {
  name: "unread-pipelines",
  about: "the same on 1,000 connections",
  begin: (port) => keepOpen(port, 1_000, { first: get("/metrics").repeat(5_000), reads: false }),
};

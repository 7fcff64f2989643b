import type { Attack } from "../attack.ts";
import { get, keepOpen } from "../sockets.ts";

export const unreadPipeline: Attack = {
  name: "unread-pipeline",
  about: "5,000 requests for /metrics on one connection; no answer is read",
  begin: (port) => keepOpen(port, 1, { first: get("/metrics").repeat(5_000), reads: false }),
};

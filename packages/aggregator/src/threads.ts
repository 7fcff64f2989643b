// `@slipstream/aggregator/threads`: worker threads with supervision, for other packages. It loads nothing else.
import "@slipstream/conventions/needs-node-24";

export type { None, ThreadContract } from "./lib/threads/contract.ts";
export { type Served, serveThread, type Tell } from "./lib/threads/serve-thread.ts";
export { startThread } from "./lib/threads/start-thread.ts";
export { SupervisedThread } from "./lib/threads/supervised-thread.ts";

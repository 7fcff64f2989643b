import { writeSync } from "node:fs";
import { registerHooks } from "node:module";
import { isMainThread } from "node:worker_threads";

// Preloaded into a process, it prints what each of its threads loads: the kind of thread and a URL a line.
const thread = isMainThread ? "main" : "worker";
registerHooks({
  load(url, context, next) {
    writeSync(1, `${thread} ${url}\n`);
    return next(url, context);
  },
});

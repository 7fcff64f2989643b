import { context, INVALID_SPAN_CONTEXT, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import type { Service } from "./instrumentation.ts";

/** No spans: each call only runs in a context of its own, and the clock is read when it starts and ends. */
export function floorService(): Service {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  const span = trace.wrapSpanContext(INVALID_SPAN_CONTEXT);
  let totalMs = 0;
  const timed = <T>(work: () => T): T => {
    const active = trace.setSpan(context.active(), span);
    const startMs = performance.now();
    const end = () => (totalMs += performance.now() - startMs);
    const answer = context.with(active, work);
    if (!(answer instanceof Promise)) {
      end();
      return answer;
    }
    return answer.then((value) => {
      end();
      return value;
    }) as T;
  };
  return {
    execute: (_, work) => timed(() => work(() => {})),
    track: (_, work) => timed(work),
    flush: async () => {
      if (!(totalMs > 0)) throw new Error("no call was timed");
    },
    shutdown: async () => {},
  };
}

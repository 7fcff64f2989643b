import { context, isSpanContextValid, trace } from "@opentelemetry/api";
import type { AutoParts } from "../auto-parts.ts";

type AsJson = (this: unknown, object: unknown, message: unknown, level: unknown, time: unknown) => string;

/**
 * Each line that pino writes within a trace gets `trace_id` and `span_id`. They follow the time, as text, so nothing of the service's own is
 * changed: its objects, mixins, formatters and bindings come after them.
 */
export function installLogs(parts: AutoParts): void {
  parts.packages.on("pino", "lib/proto.js", (exports) => {
    const prototype: object = Object.getPrototypeOf((exports as () => object)());
    const key = Object.getOwnPropertySymbols(prototype).find(
      ({ description }) => description === "pino.asJson",
    );
    if (key === undefined) return;
    const methods = prototype as Record<symbol, AsJson>;
    const asJson = methods[key] as AsJson;
    methods[key] = function (object, message, level, time) {
      return asJson.call(this, object, message, level, typeof time === "string" ? time + activeIds() : time);
    };
  });
}

/** As members of a JSON object; empty outside of a trace. Never throws. */
function activeIds(): string {
  try {
    const ids = trace.getSpan(context.active())?.spanContext();
    if (ids === undefined || !isSpanContextValid(ids)) return "";
    return `,"trace_id":"${ids.traceId}","span_id":"${ids.spanId}"`;
  } catch {
    return "";
  }
}

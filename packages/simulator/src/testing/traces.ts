import { attribute } from "@slipstream/conventions";
import { groupBy } from "@slipstream/testing/group-by";
import type { ReceivedSpan } from "./otlp-receiver.ts";

/** The trades among the spans, by their id. Fails where a trace has not one root. */
export function byTrade(
  spans: readonly ReceivedSpan[],
): Map<string, { root: ReceivedSpan; children: ReceivedSpan[] }> {
  const traces = groupBy(spans, ({ traceId }) => traceId);
  return new Map(
    [...traces.values()].map((trace) => {
      const [root, ...more] = trace.filter(({ parentId }) => parentId === "");
      if (root === undefined || more.length > 0) throw new Error("a trace without its one root");
      const children = trace.filter((span) => span !== root);
      return [String(root.attributes[attribute.tradeId]), { root, children }];
    }),
  );
}

import type { TracesBatch } from "../model.ts";

const hex = (...words: readonly number[]): string =>
  words.map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("");

/** A batch in a form that compares with what the tests expect: ids in hex, attributes as own properties. */
export function readable({ spans, refusals }: TracesBatch): { spans: object[]; refusals: object[] } {
  return {
    spans: spans.map(
      ({ trace0, trace1, trace2, trace3, span0, span1, parent0, parent1, attributes, ...rest }) => ({
        ...rest,
        traceId: hex(trace0, trace1, trace2, trace3),
        spanId: hex(span0, span1),
        parentId: hex(parent0, parent1),
        attributes: Object.fromEntries(
          Object.keys(Object.getPrototypeOf(attributes))
            .map((name) => [name, attributes[name]])
            .filter(([, value]) => value !== undefined),
        ),
      }),
    ),
    refusals: refusals.map(({ resource, count }) => ({ resource, count })),
  };
}

import { type Context, createContextKey, ROOT_CONTEXT, trace } from "@opentelemetry/api";
import fc from "fast-check";
import { expect, test } from "vitest";
import { withActiveSpan } from "./active-span.ts";

const keys = ["a", "b", "c"].map((name) => createContextKey(`test.${name}`));
const spans = Array.from({ length: 4 }, () =>
  trace.wrapSpanContext({ traceId: "", spanId: "", traceFlags: 0 }),
);

type Step = (context: Context, setSpan: typeof trace.setSpan) => Context;
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.constantFrom(...spans).map(
    (span): Step =>
      (context, setSpan) =>
        setSpan(context, span),
  ),
  // By the API, whatever made the context.
  fc.constantFrom(...spans).map(
    (span): Step =>
      (context) =>
        trace.setSpan(context, span),
  ),
  fc.constant<Step>((context) => trace.deleteSpan(context)),
  fc.tuple(fc.constantFrom(...keys), fc.nat()).map(
    ([key, value]): Step =>
      (context) =>
        context.setValue(key, value),
  ),
  fc.constantFrom(...keys).map(
    (key): Step =>
      (context) =>
        context.deleteValue(key),
  ),
);

test("it is the context that the API would make, after any sequence of changes", () => {
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      let ours: Context = ROOT_CONTEXT;
      let theirs: Context = ROOT_CONTEXT;
      for (const apply of steps) {
        ours = apply(ours, withActiveSpan);
        theirs = apply(theirs, trace.setSpan);
        expect(trace.getSpan(ours)).toBe(trace.getSpan(theirs));
        for (const key of keys) expect(ours.getValue(key)).toBe(theirs.getValue(key));
      }
    }),
  );
});

import {
  type Context,
  context,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  TraceFlags,
  trace,
} from "@opentelemetry/api";
import {
  CompositePropagator,
  suppressTracing,
  TraceState,
  W3CBaggagePropagator,
  W3CTraceContextPropagator,
} from "@opentelemetry/core";
import { beforeAll, describe, expect, test } from "vitest";
import { ownRecording, sdkRecording } from "../../testing/both-kinds.ts";
import { recordingTracer } from "../../testing/recording.ts";

// Registers a context manager.
recordingTracer();
beforeAll(() => {
  propagation.setGlobalPropagator(
    new CompositePropagator({
      propagators: [new W3CTraceContextPropagator(), new W3CBaggagePropagator()],
    }),
  );
});

const foreign = {
  traceId: "0af7651916cd43dd8448eb211c80319c",
  spanId: "b7ad6b7169203331",
  traceFlags: TraceFlags.SAMPLED,
  isRemote: true,
  traceState: new TraceState("vendor=1"),
};
const child = (parent: Span): Context => trace.setSpan(ROOT_CONTEXT, parent);
const ids = (span: Span) => {
  const { traceId, spanId } = span.spanContext();
  return { traceId, spanId };
};
const hex = (base64: string | undefined) => Buffer.from(base64 ?? "", "base64").toString("hex");

describe("parents", () => {
  test("a trace with spans of both kinds in turn", () => {
    const [ours, theirs] = [ownRecording(), sdkRecording()];
    const root = theirs.tracer.startSpan("root", {}, ROOT_CONTEXT);
    const second = ours.tracer.startSpan("second", {}, child(root));
    const third = theirs.tracer.startSpan("third", {}, child(second));
    const fourth = ours.tracer.startSpan("fourth", {}, child(third));
    const fifth = ours.tracer.startSpan("fifth", {}, child(fourth));
    for (const span of [fifth, fourth, third, second, root]) span.end();
    const sent = [...ours.exported(), ...theirs.exported()];
    const byName = new Map(sent.map((span) => [span.name, span]));
    expect(new Set(sent.map(({ traceId }) => traceId)).size).toBe(1);
    for (const [name, parent] of [
      ["second", root],
      ["third", second],
      ["fourth", third],
      ["fifth", fourth],
    ] as const) {
      expect(hex(byName.get(name)?.parentSpanId)).toBe(ids(parent).spanId);
    }
  });

  test("a parent that is not valid is none; nor is one for a root", () => {
    const { tracer, exported } = ownRecording();
    for (const broken of [
      { ...foreign, traceId: "" },
      { ...foreign, spanId: "0".repeat(16) },
    ]) {
      tracer.startSpan("x", {}, trace.setSpanContext(ROOT_CONTEXT, broken)).end();
    }
    tracer.startSpan("x", { root: true }, trace.setSpanContext(ROOT_CONTEXT, foreign)).end();
    expect(exported().map(({ parentSpanId }) => parentSpanId ?? "")).toEqual(["", "", ""]);
    expect(exported().some(({ traceId }) => hex(traceId) === foreign.traceId)).toBe(false);
  });

  test("parallel siblings: each call has the span that was active where it began", async () => {
    const { tracer, exported } = ownRecording();
    const pause = () => new Promise((resolve) => setImmediate(resolve));
    await tracer.startActiveSpan("root", async (root) => {
      const leaves = Array.from({ length: 20 }, (_, i) =>
        tracer.startActiveSpan(`call ${i}`, { kind: SpanKind.CLIENT }, async (span) => {
          await pause();
          tracer.startActiveSpan(`inside ${i}`, (inside) => inside.end());
          await pause();
          expect(trace.getActiveSpan()).toBe(span);
          span.end();
        }),
      );
      await Promise.all(leaves);
      root.end();
    });
    const sent = new Map(exported().map((span) => [span.name, span]));
    for (let i = 0; i < 20; i += 1) {
      expect(sent.get(`inside ${i}`)?.parentSpanId).toBe(sent.get(`call ${i}`)?.spanId);
      expect(sent.get(`call ${i}`)?.parentSpanId).toBe(sent.get("root")?.spanId);
    }
  });

  test("a span keeps nothing of its ancestors alive but the trace's id", () => {
    const { tracer, ended } = ownRecording();
    const root = tracer.startSpan("root", {}, ROOT_CONTEXT);
    tracer.startSpan("leaf", {}, child(root)).end();
    expect(Object.values(ended[0] ?? {})).not.toContain(root);
    expect(ended).toHaveLength(1);
  });
});

describe("propagation", () => {
  test("what is injected is what the SDK would inject, baggage included", () => {
    const carriers = [ownRecording(), sdkRecording()].map(({ tracer }) => {
      const extracted = propagation.extract(ROOT_CONTEXT, {
        traceparent: `00-${foreign.traceId}-${foreign.spanId}-01`,
        tracestate: "vendor=1",
        baggage: "desk=alpha",
      });
      return tracer.startActiveSpan("x", {}, extracted, (span) => {
        const carrier: Record<string, string> = {};
        propagation.inject(context.active(), carrier);
        expect(carrier.traceparent).toBe(`00-${foreign.traceId}-${ids(span).spanId}-01`);
        return { ...carrier, traceparent: "" };
      });
    });
    expect(carriers[0]).toEqual(carriers[1]);
    expect(carriers[0]).toMatchObject({ tracestate: "vendor=1", baggage: "desk=alpha" });
  });

  test("a remote parent is marked as remote, and its state is passed on", () => {
    const flagsOf = [ownRecording(), sdkRecording()].map(({ tracer, exported }) => {
      const remote = trace.setSpanContext(ROOT_CONTEXT, foreign);
      const span = tracer.startSpan("child", {}, remote);
      const grandchild = tracer.startSpan("grandchild", {}, child(span));
      expect(grandchild.spanContext().traceState?.serialize()).toBe("vendor=1");
      grandchild.end();
      span.end();
      return exported().map((sent) => {
        const { flags, traceState } = sent as unknown as { flags: number; traceState: string };
        return { flags, traceState };
      });
    });
    expect(flagsOf[0]).toEqual(flagsOf[1]);
  });
});

test("where tracing is suppressed there is no span", () => {
  const { tracer, exported } = ownRecording();
  const suppressed = suppressTracing(ROOT_CONTEXT);
  const span = tracer.startSpan("x", {}, suppressed);
  expect([span.isRecording(), trace.isSpanContextValid(span.spanContext())]).toEqual([false, false]);
  span.end();
  tracer.startActiveSpan("y", {}, suppressed, (inside) => inside.end());
  expect(exported()).toEqual([]);
});

test("startActiveSpan passes results and errors through", () => {
  const { tracer } = ownRecording();
  expect(tracer.startActiveSpan("x", () => 5)).toBe(5);
  expect(() =>
    tracer.startActiveSpan("x", { root: true }, () => {
      throw new RangeError("mine");
    }),
  ).toThrow(new RangeError("mine"));
});

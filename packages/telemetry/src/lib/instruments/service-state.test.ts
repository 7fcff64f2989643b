import { expect, test } from "vitest";
import { InstrumentSet } from "./instrument-set.ts";
import { serviceState } from "./service-state.ts";

const names = [
  "circuit_breaker_state",
  "slipstream_open_positions",
  "active_connections",
  "slipstream_dependency_up",
];

function valuesOf(set: InstrumentSet): readonly string[] {
  return set.collect().flatMap(({ definition: { name }, points }) =>
    names.includes(name)
      ? points.map((point) => {
          const labels = Object.values(point.labels).join();
          return `${name}{${labels}} ${"value" in point ? point.value : "?"}`;
        })
      : [],
  );
}

test("what a service says of itself is in its metrics, in their numbers, and undefined makes it unknown", () => {
  const set = new InstrumentSet();
  const { setCircuitBreaker, setOpenPositions, setConnections, setDependencyUp } = serviceState(set.handles);
  expect(valuesOf(set)).toEqual([]);
  setCircuitBreaker("half_open");
  setOpenPositions(3);
  setConnections("redis", 4);
  setDependencyUp("redis", true);
  setDependencyUp("questdb", false);
  expect(valuesOf(set)).toEqual([
    "circuit_breaker_state{} 2",
    "active_connections{redis} 4",
    "slipstream_open_positions{} 3",
    "slipstream_dependency_up{questdb} 0",
    "slipstream_dependency_up{redis} 1",
  ]);
  setCircuitBreaker(undefined);
  setOpenPositions(undefined);
  setConnections("redis", undefined);
  setDependencyUp("redis", undefined);
  expect(valuesOf(set)).toEqual(["slipstream_dependency_up{questdb} 0"]);
});

test("anything else from JavaScript is unknown, and nothing throws", () => {
  const set = new InstrumentSet();
  const state = serviceState(set.handles) as unknown as Record<string, (...values: unknown[]) => void>;
  for (const value of ["ajar", 7, null, -1, Number.NaN, {}, Symbol("x")]) {
    state.setCircuitBreaker?.(value);
    state.setOpenPositions?.(typeof value === "number" && value > 0 ? "many" : value);
    state.setConnections?.("toaster", value);
    state.setDependencyUp?.(value, true);
  }
  expect(valuesOf(set)).toEqual([]);
});

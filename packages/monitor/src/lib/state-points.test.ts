import { InstrumentSet, serviceState } from "@slipstream/telemetry/instruments";
import { expect, test } from "vitest";
import { processPoints, statePoints } from "./state-points.ts";

test("the engine gets what the service said of itself, and nothing that it did not say", () => {
  const { handles } = new InstrumentSet();
  expect(statePoints(handles, 7)).toEqual([]);
  const state = serviceState(handles);
  state.setCircuitBreaker("open");
  state.setConnections("redis", 2);
  state.setDependencyUp("questdb", false);
  const points = [
    { name: "circuit_breaker_state", attributes: {}, value: 1 },
    { name: "active_connections", attributes: { type: "redis" }, value: 2 },
    { name: "slipstream_dependency_up", attributes: { type: "questdb" }, value: 0 },
  ];
  expect(statePoints(handles, 7)).toEqual(points.map((point) => ({ ...point, timeMs: 7 })));
});

test("of its process the engine gets what could be read", () => {
  const { handles } = new InstrumentSet();
  expect(processPoints(handles, 7)).toEqual([]);
  handles.memoryUsage.set(5);
  expect(processPoints(handles, 7)).toEqual([
    { name: "memory_usage_bytes", attributes: {}, timeMs: 7, value: 5 },
  ]);
});

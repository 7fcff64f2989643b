import { plainWord } from "@slipstream/conventions";
import type { GaugeHandle } from "./handles.ts";
import type { Instruments } from "./instruments.ts";

/** A data store that a service may use. */
export type StoreType = keyof Instruments["dependencyUp"];

/**
 * What only the service knows of itself. Call these whenever something changes. A value holds until the next
 * call; `undefined` makes it unknown again. None of them throws.
 */
export interface ServiceState {
  /** The metric `circuit_breaker_state`. */
  setCircuitBreaker(state: "closed" | "open" | "half_open" | undefined): void;
  /** How many positions are open: the metric `slipstream_open_positions`. */
  setOpenPositions(count: number | undefined): void;
  /** How many connections to a data store are open: the metric `active_connections`. */
  setConnections(store: StoreType, count: number | undefined): void;
  /** Whether a data store can be reached: the metric `slipstream_dependency_up`. */
  setDependencyUp(store: StoreType, up: boolean | undefined): void;
}

const BREAKER: ReadonlyMap<unknown, number> = new Map([
  ["closed", 0],
  ["open", 1],
  ["half_open", 2],
]);

/** Sets the instruments that these values are. */
export function serviceState(instruments: Instruments): ServiceState {
  return {
    setCircuitBreaker: (state) => set(instruments.circuitBreakerState, BREAKER.get(plainWord(String(state)))),
    setOpenPositions: (count) => set(instruments.openPositions, count),
    setConnections: (store, count) => set(instruments.activeConnections[store], count),
    setDependencyUp: (store, up) => set(instruments.dependencyUp[store], up === undefined ? up : Number(up)),
  };
}

/** A value that cannot be one is unknown. JavaScript may also name a store that there is not. */
function set(gauge: GaugeHandle | undefined, value: number | undefined): void {
  if (typeof value === "number" && value >= 0) gauge?.set(value);
  else gauge?.clear();
}

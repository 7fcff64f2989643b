import { beforeEach, describe, expect, test } from "vitest";
import { type BreakerState, CircuitBreaker, type Permit } from "./breaker.ts";

let states: BreakerState[];
let breaker: CircuitBreaker;

beforeEach(() => {
  states = [];
  breaker = new CircuitBreaker({
    failures: 3,
    openMs: 1000,
    probes: 2,
    onChange: (state) => states.push(state),
  });
});

function permit(nowMs: number): Permit {
  const given = breaker.ask(nowMs);
  if (given === undefined) throw new Error(`no permit at ${nowMs}`);
  return given;
}

function fail(times: number, nowMs: number): void {
  for (let i = 0; i < times; i++) breaker.report(permit(nowMs), false, nowMs);
}

describe("CircuitBreaker", () => {
  test("opens after consecutive failures, not if there is a success in between", () => {
    fail(2, 0);
    breaker.report(permit(0), true, 0);
    fail(2, 0);
    expect(breaker.state).toBe("closed");
    fail(1, 0);
    expect(breaker.state).toBe("open");
    expect(breaker.ask(999)).toBeUndefined();
  });

  test("half-open lets only the probes through, and closes when all succeed", () => {
    fail(3, 0);
    const probes = [permit(1000), permit(1000)];
    expect(breaker.ask(1000)).toBeUndefined();
    for (const probe of probes) breaker.report(probe, true, 1500);
    expect(states).toEqual(["open", "half_open", "closed"]);
    expect(breaker.ask(1500)).toBeDefined();
  });

  test("a failed probe opens it for another full pause", () => {
    fail(3, 0);
    const [first, second] = [permit(1000), permit(1000)];
    breaker.report(first, false, 1200);
    breaker.report(second, true, 1300);
    expect(breaker.state).toBe("open");
    expect(breaker.ask(2199)).toBeUndefined();
    expect(breaker.ask(2200)).toBeDefined();
  });

  test("what began before a change does not affect the new state", () => {
    const old = [permit(0), permit(0), permit(0)];
    fail(3, 0);
    permit(1000);
    for (const late of old) breaker.report(late, false, 1000);
    expect(breaker.state).toBe("half_open");
  });
});

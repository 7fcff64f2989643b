import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ReceiptClock, type ReceiptClockNews } from "./receipt-clock.ts";

const START_MS = Date.UTC(2026, 10, 29, 12);
const DAY_MS = 86_400_000;

/** A machine whose clocks go on, are set, and sleep as a test says. */
function machine() {
  let [wallMs, monotonicMs, bootMs] = [START_MS, 5_000, 9_000];
  const news: ReceiptClockNews[] = [];
  const clocks = { wallMs: () => wallMs, monotonicMs: () => monotonicMs, bootMs: () => bootMs };
  const clock = new ReceiptClock({ clocks, onNews: (one) => news.push(one) });
  const goOn = (ms: number): void => {
    wallMs += ms;
    monotonicMs += ms;
    bootMs += ms;
  };
  return {
    clock,
    clocks,
    news,
    /** Looks each second, as the ticker does. */
    pass: (seconds: number): void => {
      for (let i = 0; i < seconds; i++) {
        goOn(1_000);
        clock.now();
      }
    },
    set: (ms: number): void => {
      wallMs += ms;
    },
    sleep: (ms: number): void => {
      wallMs += ms;
      bootMs += ms;
    },
  };
}

describe("the clock of receipts", () => {
  test("goes with the machine's clock, and tells nothing", () => {
    const { clock, clocks, pass, news } = machine();
    pass(3_600);
    expect([clock.now(), clock.aheadMs, news]).toEqual([clocks.wallMs(), 0, []]);
  });

  test("follows a small step forward, and sleep of any length, at once", () => {
    const { clock, clocks, pass, set, sleep, news } = machine();
    set(4_000);
    expect(clock.now()).toBe(clocks.wallMs());
    pass(60);
    sleep(7 * DAY_MS);
    expect(clock.now()).toBe(clocks.wallMs());
    pass(60);
    expect([clock.aheadMs, news]).toEqual([0, []]);
  });

  test("does not follow a clock that is a day ahead for a minute", () => {
    const { clock, pass, set, news } = machine();
    pass(10);
    set(DAY_MS);
    pass(60);
    expect(clock.now()).toBe(START_MS + 70_000);
    expect(clock.aheadMs).toBe(-DAY_MS);
    set(-DAY_MS);
    pass(10);
    expect(clock.now()).toBe(START_MS + 80_000);
    expect(news).toEqual([{ kind: "behind", seconds: DAY_MS / 1_000 }, { kind: "agrees" }]);
  });

  test("follows a long step forward once it has stood for two minutes", () => {
    const { clock, clocks, pass, set, news } = machine();
    set(DAY_MS);
    pass(119);
    expect(clock.aheadMs).toBe(-DAY_MS);
    pass(2);
    expect(clock.now()).toBe(clocks.wallMs());
    expect(news.at(-1)).toEqual({ kind: "agrees" });
  });

  test("goes on when the machine's clock is set back, until both agree again", () => {
    const { clock, pass, set, news } = machine();
    pass(10);
    set(-60_000);
    const before = clock.now();
    pass(100);
    expect(clock.now() - before).toBe(98_000);
    pass(2_900);
    expect(clock.aheadMs).toBe(0);
    pass(100);
    expect(clock.aheadMs).toBe(0);
    expect(news).toEqual([{ kind: "ahead", seconds: 60 }, { kind: "agrees" }]);
  });

  test("tells of a difference again if it has grown by more than a minute", () => {
    const { pass, set, news } = machine();
    set(-10_000);
    pass(1);
    set(-DAY_MS);
    pass(1);
    expect(news.map((one) => ("seconds" in one ? Math.round(one.seconds / 10) : one.kind))).toEqual([
      1, 8_641,
    ]);
  });

  test("begins after the newest receipt that there was", () => {
    const { clock, pass, news } = machine();
    clock.startAfter(START_MS + DAY_MS);
    pass(1);
    expect(clock.now()).toBe(START_MS + DAY_MS + 980);
    expect(news).toEqual([{ kind: "ahead", seconds: DAY_MS / 1_000 }]);
    clock.startAfter(START_MS);
    expect(clock.now()).toBe(START_MS + DAY_MS + 980);
  });

  test("never goes back and never stands still, whatever is done to the machine's clock", () => {
    const step = fc.oneof(
      fc.record({ set: fc.integer({ min: -2 * DAY_MS, max: 2 * DAY_MS }) }),
      fc.record({ set: fc.integer({ min: -10_000, max: 10_000 }) }),
      fc.record({ pass: fc.integer({ min: 1, max: 300 }) }),
      fc.record({ sleep: fc.integer({ min: 0, max: DAY_MS }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const { clock, pass, set, sleep } = machine();
        for (const one of steps) {
          const before = clock.now();
          if ("set" in one) set(one.set);
          else if ("sleep" in one) sleep(one.sleep);
          else pass(one.pass);
          const leastMs = "pass" in one ? 980 * one.pass - 1 : 0;
          expect(clock.now() - before).toBeGreaterThanOrEqual(leastMs);
        }
        // A clock that is right from then on is followed: forward within two minutes, back at 2 % of the time.
        const aheadMs = clock.aheadMs;
        pass(Math.max(0, Math.min(aheadMs / 20, 4_000_000 / 20)) + 122);
        expect(clock.aheadMs).toBeGreaterThanOrEqual(0);
        expect(clock.aheadMs).toBeLessThan(Math.max(1, aheadMs));
      }),
      { numRuns: 60 },
    );
  });
});

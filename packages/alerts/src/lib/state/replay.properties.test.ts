import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { histories, restarted, run, type Step, started, take, timesOf } from "./testing/histories.ts";
import { START_MS } from "./testing/run.ts";
import type { Transition } from "./transition.ts";

fc.configureGlobal({ numRuns: 25 });

describe("what becomes of alerts, whatever happens", () => {
  it("goes on after a restart at any point as if there had been none", () => {
    fc.assert(
      fc.property(histories, fc.infiniteStream(fc.nat(3)), (steps, restarts) => {
        const times = timesOf(steps);
        const book = started();
        let other = started();
        for (const [i, step] of steps.entries()) {
          if (restarts.next().value === 0) other = restarted(other);
          expect(take(other, step, times[i] ?? 0)).toEqual(take(book, step, times[i] ?? 0));
          expect(other.dueMs).toBe(book.dueMs);
        }
        expect(restarted(other).save()).toEqual(book.save());
        expect(restarted(other).view()).toEqual(book.view());
        expect(restarted(other).ruleViews()).toEqual(book.ruleViews());
      }),
    );
  });

  it("is the same in whatever order rules and series are read", () => {
    const reversed = (step: Step): Step =>
      step.do === "evaluate"
        ? {
            ...step,
            read: step.read.map((one) => ({ ...one, readings: one.readings.toReversed() })).toReversed(),
          }
        : step;
    fc.assert(
      fc.property(histories, (steps) => {
        const book = started();
        const other = started();
        const times = timesOf(steps);
        for (const [i, step] of steps.entries()) {
          expect(take(other, reversed(step), times[i] ?? 0)).toEqual(take(book, step, times[i] ?? 0));
        }
        expect(other.view()).toEqual(book.view());
        expect(other.ruleViews()).toEqual(book.ruleViews());
      }),
    );
  });

  it("takes a clock that steps back for one that stands still", () => {
    fc.assert(
      fc.property(histories, (steps) => {
        // How long a silence lasts is counted from the time that whoever asks for it knows.
        const plain = steps.filter((step) => step.do !== "command");
        const times = timesOf(plain);
        const highest = times.map((_, i) => Math.max(START_MS, ...times.slice(0, i + 1)));
        const told = (all: readonly Transition[]) => all.map(({ key, atMs, muted }) => [key, atMs, muted]);
        expect(told(run(plain, times))).toEqual(told(run(plain, highest)));
      }),
    );
  });

  it("says when time alone changes something: not before, and never when that has passed", () => {
    fc.assert(
      fc.property(
        histories,
        fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
        (steps, share) => {
          const times = timesOf(steps);
          const book = started();
          let nowMs = START_MS;
          for (const [i, step] of steps.entries()) {
            take(book, step, times[i] ?? 0);
            nowMs = Math.max(nowMs, times[i] ?? 0);
            const { dueMs = nowMs + 1_000_000 } = book;
            expect(dueMs).toBeGreaterThan(nowMs);
            if (step.do !== "evaluate") continue;
            const tried = restarted(book);
            const between = nowMs + Math.floor((dueMs - nowMs) * share);
            const { catchingUp } = step;
            expect(tried.evaluate({ nowMs: between, eventMs: between, catchingUp }, [])).toEqual([]);
          }
        },
      ),
    );
  });
});

import { deserialize, serialize } from "node:v8";
import { groupBy } from "@slipstream/testing/group-by";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AlertBook } from "./alert-book.ts";
import { histories, ruleSets, type Step, take, timesOf } from "./testing/histories.ts";
import { START_MS } from "./testing/run.ts";
import type { Transition } from "./transition.ts";

fc.configureGlobal({ numRuns: 25 });

function newBook(): AlertBook {
  return new AlertBook((_rule, { key }) => ({ title: key, lines: [], evidence: [], links: [] }));
}

function started(): AlertBook {
  const book = newBook();
  book.setRules(ruleSets[0] ?? [], START_MS);
  return book;
}

/** Saves a book and loads that into another, as a restart does. */
function restarted(book: AlertBook): AlertBook {
  const next = newBook();
  next.load(deserialize(serialize(book.save())));
  return next;
}

function run(steps: readonly Step[], times: readonly number[] = timesOf(steps)): Transition[] {
  const book = started();
  return steps.flatMap((step, i) => take(book, step, times[i] ?? 0));
}

const isSent = ({ muted }: Transition) => muted === undefined;
const isFiring = ({ kind }: Transition) => kind === "firing" || kind === "escalated";

function suppressMs({ rule }: Transition): number {
  return ({ slow: 60, stuck: 100, rate: 300 }[rule] ?? 0) * 1000;
}

describe("whatever happens to alerts", () => {
  it("is everything that may come of it", () => {
    const all = fc.sample(histories, { seed: 1, numRuns: 40 }).flatMap((steps) => run(steps));
    const kinds = ["acknowledged", "digest", "escalated", "firing", "happened", "resolved"];
    expect([...new Set(all.map(({ kind }) => kind))].sort()).toEqual(kinds);
    const reasons = new Set(all.flatMap(({ muted }) => muted?.by ?? []));
    const known = ["acknowledgement", "catching_up", "inhibition", "silence", "suppression", "unsent"];
    expect([...reasons].sort()).toEqual(known);
    const ends = new Set(all.flatMap(({ endReason }) => endReason ?? []));
    expect([...ends].sort()).toEqual(["no_data", "rule_changed", "rule_off", "rule_removed"]);
    expect(all.some(({ silenceEnded }) => silenceEnded !== undefined)).toBe(true);
  });

  it("sends no two notifications of one within its suppression, but for escalations and ends of silences", () => {
    fc.assert(
      fc.property(histories, (steps) => {
        // Under changed rules it is another alert.
        const all = run(steps.filter((step) => step.do !== "setRules"));
        for (const ofAlert of groupBy(all, ({ alert }) => alert).values()) {
          let lastMs = Number.NEGATIVE_INFINITY;
          for (const transition of ofAlert) {
            if (!isFiring(transition) || !isSent(transition)) continue;
            const { kind, silenceEnded, atMs } = transition;
            const isException = kind === "escalated" || silenceEnded !== undefined;
            if (!isException) expect(atMs - lastMs).toBeGreaterThanOrEqual(suppressMs(transition));
            lastMs = atMs;
          }
        }
      }),
    );
  });

  it("sends the end of each firing that was sent, once and last, unless it still fires; and no other end", () => {
    fc.assert(
      fc.property(histories, (steps) => {
        const book = started();
        const times = timesOf(steps);
        const all = steps.flatMap((step, i) => take(book, step, times[i] ?? 0));
        const firing = new Map(
          book.view().map(({ alert, state, episode }) => [`${alert}/${episode}`, state]),
        );
        const episodes = groupBy(
          all.filter(({ kind }) => kind !== "happened" && kind !== "digest"),
          ({ alert, episode }) => `${alert}/${episode}`,
        );
        for (const transitions of episodes.values()) {
          const ends = transitions.filter(({ kind }) => kind === "resolved");
          const [{ alert, episode }] = transitions as [Transition];
          expect(ends).toHaveLength(firing.get(`${alert}/${episode}`) === "firing" ? 0 : 1);
          for (const end of ends) {
            expect(transitions.at(-1)).toBe(end);
            expect(isSent(end)).toBe(transitions.some((one) => isFiring(one) && isSent(one)));
          }
          expect(isFiring(transitions[0] as Transition)).toBe(true);
        }
      }),
    );
  });

  it("gives each transition a key of its own", () => {
    fc.assert(
      fc.property(histories, (steps) => {
        const keys = run(steps).map(({ key }) => key);
        expect(new Set(keys).size).toBe(keys.length);
      }),
    );
  });

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

  it("counts each occurrence once, and never lowers a severity while it counts", () => {
    const ranks = ["info", "warning", "critical"];
    fc.assert(
      fc.property(histories, (steps) => {
        const all = run(steps.filter((step) => step.do !== "setRules"));
        for (const ofAlert of groupBy(all, ({ alert }) => alert).values()) {
          let before: Transition | undefined;
          for (const transition of ofAlert) {
            if (before !== undefined && transition.occurrence > 1 && transition.kind !== "happened") {
              expect(transition.occurrence - before.occurrence).toBeGreaterThanOrEqual(0);
              expect(transition.occurrence - before.occurrence).toBeLessThanOrEqual(1);
              const rank = ranks.indexOf(transition.severity) - ranks.indexOf(before.severity);
              expect(rank > 0 && transition.kind !== "escalated").toBe(false);
              expect(rank).toBeGreaterThanOrEqual(0);
            }
            before = transition;
          }
        }
      }),
    );
  });
});

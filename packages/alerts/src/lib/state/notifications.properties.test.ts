import { groupBy } from "@slipstream/testing/group-by";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { histories, run, started, take, timesOf } from "./testing/histories.ts";
import type { Transition } from "./transition.ts";

fc.configureGlobal({ numRuns: 25 });

const isSent = ({ muted }: Transition) => muted === undefined;
const isFiring = ({ kind }: Transition) => kind === "firing" || kind === "escalated";

function suppressMs({ rule }: Transition): number {
  return ({ slow: 60, stuck: 100, rate: 300 }[rule] ?? 0) * 1000;
}

describe("what is told of alerts, whatever happens", () => {
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

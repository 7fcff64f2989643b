import type { Explanation } from "@slipstream/mev";
import { VerdictTracker } from "@slipstream/mev";
import { FIRST_SLOT, sandwich, slotOf } from "@slipstream/testing/engine/chain";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { explainText } from "./explain-text.ts";

const signature = "5".repeat(88);

/** A trade that was sandwiched, and its neighbours but for one. */
function explained(amount = 10n ** 12n): Explanation {
  const tracker = new VerdictTracker();
  const named = { protection: "jito", tipLamports: 1_000 };
  const trade = { id: "trade", signature, slot: FIRST_SLOT, named };
  tracker.addTrade(trade);
  const swaps = sandwich(FIRST_SLOT, { sol: amount, token: 1_000n * amount }, signature, "M".repeat(44));
  for (const off of [-3, -2, -1, 0, 1, 2]) tracker.addSlot(slotOf(FIRST_SLOT + off, off === 0 ? swaps : []));
  tracker.addSkipped(FIRST_SLOT - 1);
  return tracker.explain(trade, "log");
}

describe("an explanation as text", () => {
  test("says what the verdict rests on", () => {
    const text = explainText(explained());
    for (const part of [
      "Verdict      impacted (feasible), provisional",
      "Confidence   low:",
      "Judged on    what the log recorded of the chain",
      "Protection   jito, named by the trade",
      "the trade names 1,000 lamports",
      `- slot ${FIRST_SLOT + 3} was not seen`,
      "Swaps in its pool, in order (3)",
      "front",
      "TRADE",
      "back",
      "MMMM…MMMM",
      "Who signed",
      "not attacked",
    ])
      expect(text).toContain(part);
    expect(text).not.toContain("Not decoded");
    expect(text).not.toContain("M".repeat(44));
  });

  test("says what is not shown, and that the facts give another verdict", () => {
    const base = explained();
    const text = explainText({
      ...base,
      judgedAgain: { ...base.verdict, verdict: "clean", label: null },
      notes: ["The log no longer holds it."],
    });
    expect(text).toContain("But          what is shown below gives clean, confidence low");
    expect(text).toContain("Not shown\n- The log no longer holds it.");
  });

  test("fits 80 columns, whatever is in it", () => {
    const long = fc.string({ minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(fc.bigInt(10n ** 6n, 10n ** 24n), long, long, (amount, id, detail) => {
        const base = explained(amount);
        const swaps = base.swaps.map((swap) => ({
          ...swap,
          kind: "unread" as const,
          protocol: id,
          reason: detail,
        }));
        const lines = explainText({
          ...base,
          trade: { ...base.trade, id, pair: id },
          verdict: { ...base.verdict, reason: detail, evidence: [{ kind: "fee", detail }] },
          swaps: [...base.swaps, ...swaps],
          notes: [detail],
        }).split("\n");
        expect(lines.filter((line) => line.length > 80)).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });
});

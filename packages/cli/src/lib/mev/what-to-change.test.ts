import { feeReturn, type MevRecord, mevSummary, protectionValues } from "@slipstream/mev";
import { describe, expect, it } from "vitest";
import { whatToChange } from "./what-to-change.ts";

/** @param each A trade without protection is attacked once in so many, and loses 1 %. */
function desk(trades: number, each: number, over: Partial<MevRecord> = {}): MevRecord[] {
  return Array.from({ length: trades }, (_, at): MevRecord => {
    const protection = at % 2 === 0 ? "none" : "jito";
    const isHit = protection === "none" && (at / 2) % each === 0;
    const feeUsd = (protection === "none" ? 0.01 : 0.02) * (1 + (at % 7) / 10);
    return {
      tradeId: String(at),
      timeMs: 1_700_000_000_000 + at * 1000,
      pair: "SOL/USDC",
      sizeUsd: 500 + (at % 11),
      protection,
      leader: null,
      toleranceBps: null,
      landed: true,
      onChain: true,
      verdict: isHit ? "impacted" : "clean",
      isWhole: true,
      lossRatio: isHit ? 0.01 + (at % 5) / 1000 : null,
      lossResidual: 0,
      feeUsd,
      paidUsd: feeUsd,
      valueUsd: 0,
      ...over,
    };
  });
}

const told = (records: readonly MevRecord[]): string[] =>
  whatToChange({
    overall: mevSummary(records),
    protections: protectionValues(records),
    feeReturn: feeReturn(records),
    patterns: { tested: 0, found: [] },
  });

describe("what to change", () => {
  it("does not say that a protection does not pay off before enough trades were attacked", () => {
    // 65 unprotected trades, 3 of them attacked: 0.65 USD of tips without a loss seen among the protected.
    expect(told(desk(129, 22))).toEqual([
      "jito: not known yet whether it pays off. Too few comparable trades: 129 of 200 needed.",
    ]);
    expect(told(desk(400, 50))).toEqual([
      "jito: not known yet whether it pays off. Too few attacked trades with a known loss: 4 of 10 needed.",
    ]);
  });

  it("says so once there are enough", () => {
    const [line] = told(desk(2000, 20));
    expect(line).toMatch(
      /^jito brought more than it cost on 1,000 trades: net \$\d+ \(\$\d+ to \$\d+\)\. Use it for more\.$/,
    );
  });
});

import type { MevReport } from "@slipstream/aggregator";
import {
  attackCurve,
  feeReturn,
  lossCurve,
  type MevRecord,
  mevSummary,
  mevSummaryBy,
  protectionValues,
  relativeAvoidance,
} from "@slipstream/mev";
import { expect, it } from "vitest";
import { mevReportText } from "./report-text.ts";

function trades(count: number, verdict: MevRecord["verdict"], onChain = true): MevRecord[] {
  return Array.from({ length: count }, (_, at) => ({
    tradeId: `${verdict}${at}`,
    timeMs: 1_700_000_000_000 + at * 1000,
    pair: "SOL/USDC",
    sizeUsd: 500,
    protection: "none",
    leader: null,
    toleranceBps: null,
    landed: onChain,
    onChain,
    verdict,
    isWhole: true,
    lossRatio: verdict === "impacted" ? 0.01 : null,
    lossResidual: verdict === "impacted" ? 0 : null,
    feeUsd: 0.01,
    paidUsd: 0.01,
    valueUsd: 0,
  }));
}

function report(records: readonly MevRecord[], desk?: string): string {
  const whole: MevReport = {
    from: "2026-01-01T00:00:00Z",
    to: "2026-01-02T00:00:00Z",
    truncated: false,
    missing: null,
    by: "pair",
    overall: mevSummary(records),
    relativeAvoidance: relativeAvoidance(records),
    groups: [...mevSummaryBy(records, "pair")].map(([label, summary]) => ({ label, ...summary })),
    attackers: [],
    pools: [],
    feeReturn: feeReturn(records),
    protections: protectionValues(records),
    patterns: { tested: 0, found: [] },
    curves: { attack: attackCurve(records), loss: lossCurve(records) },
  };
  return mevReportText(whole, desk);
}

it("says that nothing is known, and not that nothing was lost, if no trade has a verdict", () => {
  const text = report(trades(600, "unknown"));
  expect(text).toMatch(/^Attacked +unknown: no trade has a verdict other than unknown$/m);
  expect(text).toMatch(/^Avoided +unknown: no trade has a verdict other than unknown$/m);
  expect(text).toMatch(/^Lost +unknown: no trade has a verdict other than unknown$/m);
  expect(text).toContain(
    "- 100.0 % of the trades on the chain have no verdict, 600 of 600. Is the chain watched (--rpc)? " +
      "Do the spans have solana.signature and solana.slot?",
  );
});

it("says of how many trades its rates are, if something near some of the trades could not be read", () => {
  const attacked = [...trades(2, "impacted"), ...trades(1, "avoided")];
  const partly = trades(4, "avoided").map((record) => ({ ...record, isWhole: false }));
  expect(report([...trades(27, "clean"), ...attacked])).toMatch(
    /^Attacked +10\.0 % \(.*\) of those with a verdict\nAvoided +33\.3 % \(.*\) of the attacks$/m,
  );
  expect(report([...trades(27, "clean"), ...attacked, ...partly])).toMatch(
    /^Attacked +10\.0 % \(.*\) of the 30 near which all could be read\nAvoided +33\.3 % \(.*\) of the 3 attacks on these$/m,
  );
});

it("says of which desk it is, if it is not the aggregator's own", () => {
  expect(report(trades(30, "clean"))).toMatch(/^MEV on 30 trades, /);
  expect(report(trades(30, "clean"), "beta")).toMatch(/^MEV on 30 trades of desk beta, /);
  expect(report([], "beta")).toMatch(/^No trades of desk beta from /);
});

it("says nothing of the loss of trades without a verdict", () => {
  expect(report(trades(30, "clean"))).toMatch(/^Lost +nothing: no trade was impacted$/m);
  expect(report([...trades(30, "clean"), ...trades(5, "unknown")])).toMatch(
    /^Lost +nothing by the 30 trades with a verdict: none was impacted$/m,
  );
  expect(report([...trades(30, "clean"), ...trades(2, "impacted")])).toMatch(
    /^Lost +\$10\.00.* by 2 trades$/m,
  );
});

it("does not count failed trades that name no slot as unknown: they were in no block", () => {
  const text = report([...trades(30, "clean"), ...trades(5, null, false)]);
  expect(text).toMatch(
    /^Verdicts +0 impacted, 0 avoided, 30 clean, 0 unknown; 5 failed trades without a slot left out$/m,
  );
  expect(text).toMatch(/^Lost +nothing: no trade was impacted$/m);
  expect(text).not.toContain("have no verdict");
});

import { expect, test } from "vitest";
import type { ChainVerdict } from "../stand-ins/chain-verdict.ts";
import type { TradeTruth, VerdictTruth } from "./model.ts";
import { Verdicts } from "./verdicts.ts";

const verdict: ChainVerdict = {
  signature: "s",
  slot: 7,
  verdict: "impacted",
  disputed: false,
  reason: "victim of a sandwich",
  lossAtoms: "50",
  lossRatio: 0.01,
  attack: null,
};
const trade = { id: "t", signature: "s", pair: "SOL/USDC", protection: "none", sizeUsd: 300 } as TradeTruth;

test.each([
  ["the trade", "first"],
  ["the verdict", "last"],
])("%s may come first", (_, when) => {
  const told: VerdictTruth[] = [];
  const verdicts = new Verdicts((truth) => void told.push(truth));
  if (when === "first") verdicts.traded(trade);
  verdicts.judged(verdict);
  if (when === "last") verdicts.traded(trade);
  expect(told).toEqual([
    { type: "verdict", id: "t", pair: "SOL/USDC", protection: "none", ...verdict, lossUsd: 3 },
  ]);
});

test("a trade that never landed is not reported, and the cost of a failed attack is not a loss", () => {
  const told: VerdictTruth[] = [];
  const verdicts = new Verdicts((truth) => void told.push(truth));
  verdicts.traded({ ...trade, id: "lost", signature: "never" });
  verdicts.traded({ ...trade, id: "refused", signature: null });
  verdicts.traded(trade);
  verdicts.judged({ ...verdict, verdict: "clean", disputed: true });
  expect(told.map(({ id, lossUsd }) => [id, lossUsd])).toEqual([["t", 0]]);
});

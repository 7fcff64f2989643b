import { describe, expect, it } from "vitest";
import type { SeenTips } from "./model.ts";
import { protectionByTip, seenTips, tipEvidence } from "./seen-tips.ts";

const tips = [
  { service: "nozomi", lamports: 9_000n },
  { service: "jito", lamports: 1_000n, transaction: "beside" },
];
const seen: SeenTips = { lamports: 10_000n, tips, isPaid: true };
const none: SeenTips = { lamports: 0n, tips: [], isPaid: true };
const place = {
  id: "x:0",
  slot: 1,
  txIndex: 0,
  eventIndex: 0,
  signature: "x",
  signer: "y",
  protocol: "p",
  pool: "pool",
};
const details = (named: Parameters<typeof tipEvidence>[0], tips: SeenTips | null): string[] =>
  tipEvidence(named, tips).map(({ detail }) => detail);

describe("the evidence of tips", () => {
  it("names each service, and the transaction if it is another one", () => {
    expect(details(undefined, seen)).toEqual([
      "9000 lamports to nozomi",
      "1000 lamports to jito in beside, the transaction next to it",
    ]);
    expect(protectionByTip(seen)).toBe("nozomi");
  });

  it("says what differs from what the trade names", () => {
    expect(details({ protection: "private_rpc", tipLamports: 500 }, seen).slice(2)).toEqual([
      "the trade names a tip of 500 lamports, but it is 10000",
      "the trade names protection private_rpc, but the tip went to nozomi, jito",
    ]);
    expect(details({ protection: "jito", tipLamports: 500 }, none)).toEqual([
      "the trade names a tip of 500 lamports, but no tip to a known account is in its transaction",
    ]);
    expect(details({ protection: "jito", tipLamports: 10_000 }, seen)).toHaveLength(2);
  });

  it("is empty if there is no tip and none is named, or if nothing is known", () => {
    expect(details({ protection: "none", tipLamports: 0 }, none)).toEqual([]);
    expect(details({ protection: "jito", tipLamports: 500 }, null)).toEqual([]);
    expect(seenTips(undefined)).toBeNull();
  });

  it("says that a failed transaction paid nothing", () => {
    const attempted = [{ ...place, tipLamports: 0n, tips: tips.slice(0, 1) }];
    const failed = seenTips({ swaps: [], attempted, undecoded: [], other: undefined });
    expect(details(undefined, failed)).toEqual([
      "9000 lamports to nozomi; the transaction failed and paid none of it",
    ]);
  });

  it("has no service if an earlier version recorded only the sum", () => {
    const undecoded = [{ ...place, reason: "no balances", tipLamports: 5n }];
    const seen = seenTips({ swaps: [], attempted: [], undecoded, other: undefined });
    expect(details(undefined, seen)).toEqual(["5 lamports to landing services"]);
    expect(protectionByTip(seen)).toBeUndefined();
  });
});

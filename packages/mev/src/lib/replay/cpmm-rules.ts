import type { FeeRule } from "./constant-product.ts";

/**
 * 12 % of Raydium CPMM's trade fee are the protocol's, 4 % a fund's. Both stay in the vaults, as the creator's
 * fee does, until they are collected.
 * Source: raydium-io/raydium-cp-swap, curve/fees.rs; the rates are from its configurations.
 */
const setAside: readonly bigint[] = [120_000n, 40_000n];

/** Trade fees of its public configurations. Source: api-v3.raydium.io/main/cpmm-config. */
const publicFees = [2500n, 10_000n, 20_000n, 40_000n];
/** Platforms have configurations of their own, which are not listed. */
const otherFees = [3000n, 5000n, 15_000n, 30_000n, 1000n, 2000n, 4000n, 8000n, 12_500n, 25_000n, 500n, 100n];
const usualCreatorFees = [500n, 1000n];
const otherCreatorFees = [
  ...Array.from({ length: 20 }, (_, i) => BigInt(i + 1) * 500n),
  ...[100n, 200n, 300n, 400n, 750n, 1250n, 15_000n, 20_000n, 25_000n, 30_000n, 40_000n, 50_000n],
];

function ruleOf(millionths: bigint): FeeRule {
  return { millionths, rounding: "charged", apart: setAside };
}

/** The creator's fee may be charged in what is paid, or always in one token. */
function withCreator(
  fees: readonly bigint[],
  creatorFees: readonly bigint[],
  tokens: readonly string[],
): FeeRule[] {
  return fees.flatMap((fee) =>
    creatorFees.flatMap((millionths) =>
      [undefined, ...tokens].map((token) => ({ ...ruleOf(fee), aside: { millionths, token } })),
    ),
  );
}

/** The standard fee, without one for the creator. */
export const standardRule: FeeRule = ruleOf(2500n);

/** The rules that Raydium CPMM's pools may follow, in groups, the likeliest first. */
export function cpmmRules(tokens: readonly string[]): readonly (readonly FeeRule[])[] {
  const all = [...publicFees, ...otherFees];
  return [
    [standardRule],
    [...publicFees.slice(1).map(ruleOf), ...withCreator(publicFees, usualCreatorFees, tokens)],
    [...otherFees.map(ruleOf), ...withCreator(all, otherCreatorFees, tokens)],
  ];
}

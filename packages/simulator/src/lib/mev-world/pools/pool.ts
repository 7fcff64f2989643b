import { type Side, type Token, toAtoms } from "../../market/tokens.ts";
import type { Random } from "../../random.ts";
import type { Names } from "../names.ts";
import type { PairSpec, PoolSpec, Protocol } from "./catalogue.ts";
import { Concentrated, type Range } from "./concentrated.ts";
import { ConstantProduct, type CreatorFee, raydiumCpmmFee, raydiumV4Fee } from "./constant-product.ts";
import type { Curve, Sides } from "./curve.ts";
import type { PairPrice } from "./prices.ts";
import type { Shadow } from "./shadow.ts";
import { toSqrtPrice } from "./square-root-price.ts";

/** Programs by protocol, as in the decoders of @slipstream/mev. */
export const programs: Readonly<Record<Protocol, string>> = {
  RaydiumV4: "675kPX9MHTjS2zt1qfr1NYHuzeLXfQM9H24wFSUt1Mp8",
  RaydiumCPMM: "CPMMoo8L3F4NbTegBCKVNunggL7H1ZpdTHKxQB5qKP1C",
  OrcaWhirlpool: "whirLbMiicVdio4qvUfM5KAg6Ct8VwpYzGff3uctyCc",
};

/** A pool as visible in a block: its program's accounts and its tokens. */
export interface PoolAccounts {
  readonly index: number;
  readonly pair: Pick<PairSpec, "base" | "quote">;
  readonly protocol: Protocol;
  readonly program: string;
  readonly address: string;
  readonly authority: string;
  readonly vaults: { readonly base: string; readonly quote: string };
  /** Other accounts in the program's swap instruction: configuration, order book, tick arrays. */
  readonly others: readonly string[];
}

/** A pool of the world: its curve, its accounts and its current activity. */
export interface WorldPool extends PoolAccounts {
  readonly pair: PairSpec;
  readonly spec: PoolSpec;
  readonly outside: PairPrice;
  readonly curve: Curve;
  /** The attack in progress, if any; at most one at a time. */
  shadow: Shadow | undefined;
  /** No attack begins until after this slot. */
  lockedThrough: number;
  /** People trade in it until this slot. */
  busyThrough: number;
}

export interface PoolDraft {
  readonly index: number;
  readonly pair: PairSpec;
  readonly spec: PoolSpec;
  readonly outside: PairPrice;
  /** Price of the pair's quote token, in USD. */
  readonly quoteUsd: number;
  /** Share of the pools that may have one in which creators take a fee of their own. Default: 0. */
  readonly creatorFeeShare?: number | undefined;
}

export function makePool(
  { index, pair, spec, outside, quoteUsd, creatorFeeShare = 0 }: PoolDraft,
  random: Random,
  names: Names,
): WorldPool {
  const quote = spec.depthUsd / 2 / quoteUsd;
  const sides: Sides = {
    base: toAtoms(pair.base, quote / pair.startPrice),
    quote: toAtoms(pair.quote, quote),
  };
  return {
    index,
    pair,
    spec,
    outside,
    protocol: spec.protocol,
    program: programs[spec.protocol],
    address: names.address(),
    authority: names.address(),
    vaults: { base: names.address(), quote: names.address() },
    others: Array.from({ length: 12 }, () => names.address()),
    curve: makeCurve(spec, sides, random, creatorFeeShare),
    shadow: undefined,
    lockedThrough: -1,
    busyThrough: -1,
  };
}

function makeCurve(spec: PoolSpec, sides: Sides, random: Random, creatorFeeShare: number): Curve {
  if (spec.protocol === "OrcaWhirlpool") return concentrated(BigInt(spec.feeMillionths), sides);
  if (spec.protocol === "RaydiumCPMM") {
    const apart = share(sides, random.between(0, 2e-4));
    const creator = creatorFee(random.fork("creator"), creatorFeeShare);
    return new ConstantProduct(raydiumCpmmFee(BigInt(spec.feeMillionths), creator), sides, apart);
  }
  // Profits set aside by the program (need_take_pnl). Every second pool has none.
  const apart = random.chance(0.5) ? 0 : random.between(0, 1e-4);
  return new ConstantProduct(raydiumV4Fee, sides, share(sides, apart));
}

/** Usual rates; most creators take the token that is paid. */
function creatorFee(random: Random, creatorFeeShare: number): CreatorFee | undefined {
  if (!random.chance(creatorFeeShare)) return undefined;
  return {
    millionths: random.pick([500n, 1000n, 5000n, 10_000n]),
    on: random.pick(["input", "input", "base", "quote"]),
  };
}

function share({ base, quote }: Sides, part: number): Sides {
  const millionths = BigInt(Math.round(part * 1e6));
  return { base: (base * millionths) / 1_000_000n, quote: (quote * millionths) / 1_000_000n };
}

/**
 * Bounds of the ranges as log distance from the start price, with the liquidity relative to that at the start
 * price.
 */
const steps = [
  { to: 0.04, liquidity: 1 },
  { to: 0.12, liquidity: 0.6 },
  { to: 0.35, liquidity: 0.25 },
  { to: 6, liquidity: 0.08 },
] as const;

function concentrated(feeMillionths: bigint, sides: Sides): Concentrated {
  const price = Number(sides.quote) / Number(sides.base);
  const liquidity = Math.sqrt(Number(sides.quote) * Number(sides.base));
  const ranges: Range[] = [];
  for (const side of [-1, 1] as const) {
    let from = 0;
    for (const { to, liquidity: part } of steps) {
      const [one, other] = [
        toSqrtPrice(price * Math.exp(side * from)),
        toSqrtPrice(price * Math.exp(side * to)),
      ];
      const [low, high] = one < other ? [one, other] : [other, one];
      ranges.push({ low, high, liquidity: BigInt(Math.round(liquidity * part)) });
      from = to;
    }
  }
  ranges.sort((a, b) => (a.low < b.low ? -1 : 1));
  // The vaults also contain out-of-range positions and uncollected fees.
  return new Concentrated(feeMillionths, ranges, toSqrtPrice(price), sides);
}

export function tokenIn(pool: Pick<PoolAccounts, "pair">, buy: boolean): Token {
  return buy ? pool.pair.quote : pool.pair.base;
}

export function tokenOut(pool: Pick<PoolAccounts, "pair">, buy: boolean): Token {
  return buy ? pool.pair.base : pool.pair.quote;
}

export function sideOf(buy: boolean): Side {
  return buy ? "buy" : "sell";
}

import { decodeBlock, type Verdict, VerdictTracker, wholeSlot } from "@slipstream/mev";
import { encodeMessage } from "@slipstream/solana";
import { parseBlock } from "@slipstream/solana/block";
import { decisions } from "../lib/market/decisions.ts";
import { Market } from "../lib/market/market.ts";
import { inputToken, outputToken, toAtoms } from "../lib/market/tokens.ts";
import { Random } from "../lib/random.ts";
import { swapMessage } from "../lib/solana/swap-transaction.ts";
import { Chain, SLOT_MS } from "../lib/stand-ins/chain.ts";
import type { ChainVerdict } from "../lib/stand-ins/chain-verdict.ts";
import { getBlock } from "../lib/stand-ins/get-block.ts";

export interface VirtualRun {
  readonly chain: Chain;
  readonly sent: number;
  /** The truth, by signature. */
  readonly truths: ReadonlyMap<string, ChainVerdict>;
  /** Final verdicts from the blocks alone, by signature. */
  readonly verdicts: ReadonlyMap<string, Verdict>;
  /** Signatures of what was sent without protection. */
  readonly unprotected: ReadonlySet<string>;
}

export interface VirtualRunOptions {
  readonly seed: number;
  readonly trades: number;
  readonly attackRate: number;
  /** Decisions a second. Default: 8. */
  readonly rate?: number;
}

/** Between quote and submission. */
const PREPARES_MS = 250;
const PAYER = "7Sf6mtkeLiaQf2A6GpM2km8FSeNFhQy1bU7YnLdqCeeo";
const START_MS = Date.UTC(2026, 0, 6, 15);

/** A desk that trades on the stand-in's chain in a time of its own, without a network, and one who reads its blocks. */
export function runVirtualDesk({ seed, trades, attackRate, rate = 8 }: VirtualRunOptions): VirtualRun {
  const truths = new Map<string, ChainVerdict>();
  const market = new Market(seed);
  const chain = new Chain(market, new Random(seed).fork("chain"), {
    seed,
    startMs: START_MS,
    blockhashSlots: 150,
    lostRate: 0.002,
    attackRate,
    onVerdict: (verdict) => truths.set(verdict.signature, verdict),
  });
  const tracker = new VerdictTracker({ maxTrades: 100_000 });
  const verdicts = new Map<string, Verdict>();
  const unprotected = new Set<string>();
  const random = new Random(seed).fork("signatures");
  const coming = decisions(seed, rate);
  let nowMs = 0;
  let seen = chain.firstSlot;
  for (let number = 0; number < trades; number++) {
    const { gapMs, pair, side, sizeUsd, toleranceBps, computeUnitPrice, jitoTipLamports, protection } =
      coming.next().value;
    nowMs += gapMs;
    const amountIn = toAtoms(inputToken(pair, side), sizeUsd / market.usd(inputToken(pair, side), nowMs));
    const { out } = chain.quote(pair, side, amountIn, nowMs);
    const swap = {
      payer: PAYER,
      inputMint: inputToken(pair, side).mint,
      outputMint: outputToken(pair, side).mint,
      pool: pair.pool,
      amountIn,
      quotedOut: out,
      toleranceBps,
      computeUnitLimit: 200_000,
      computeUnitPrice,
      tipLamports: jitoTipLamports,
    };
    const message = swapMessage(swap, chain.latestBlockhash(nowMs).blockhash);
    const signed = { signature: random.bytes(64), message, messageBytes: encodeMessage(message) };
    const signature = chain.accept(signed, nowMs + PREPARES_MS, protection);
    if (signature === undefined) throw new Error("the chain knows no such swap");
    if (protection === "none") unprotected.add(signature);
    tracker.addTrade({ id: signature, signature, slot: null, isProtected: protection !== "none" });
    for (; seen < chain.slot(nowMs); seen++) tell(tracker, chain, seen, nowMs);
  }
  const endMs = nowMs + 60 * SLOT_MS;
  for (; seen < chain.slot(endMs); seen++) tell(tracker, chain, seen, endMs);
  chain.finish();
  tracker.finalize(seen - 1);
  for (const verdict of tracker.take()) {
    if (verdict.state === "final") verdicts.set(verdict.tradeId, verdict);
  }
  return { chain, sent: trades, truths, verdicts, unprotected };
}

/** Tells the tracker what the stand-in's node tells of a slot. */
function tell(tracker: VerdictTracker, chain: Chain, slot: number, nowMs: number): void {
  if (chain.world.schedule.isSkipped(slot)) {
    tracker.addSkipped(slot);
    return;
  }
  const params = [slot, { commitment: "confirmed" }];
  const block = parseBlock(getBlock(params, { chain, nowMs, protection: "none" }));
  tracker.addSlot(wholeSlot(decodeBlock(block, slot)));
}

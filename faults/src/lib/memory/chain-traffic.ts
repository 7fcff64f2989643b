import { attribute, semconv, spanName } from "@slipstream/conventions";
import { type ChainBatch, emptyChain } from "@slipstream/engine";
import type { Swap } from "@slipstream/mev";
import { swapIn } from "@slipstream/testing/pool";
import { encodeProtobuf } from "../otlp/encode.ts";
import { keyValues } from "../otlp/messages.ts";

export interface ChainTrafficOptions {
  /** Event time of the first second, Unix ms. */
  readonly startMs: number;
  readonly tradesPerSecond: number;
}

const SLOTS_PER_SECOND = 2.5;
/** Seconds after which blocks are told, and after which they are final. */
const TOLD_SECONDS = 2;
const FINAL_SECONDS = 13;
/** Of each 6 hours the node is away for so long, the first time in the warm-up: memory has its size of such times from then on. */
const AWAY_EVERY_SECONDS = 6 * 3_600;
const AWAY_SECONDS = 900;
const AWAY_UNTIL_SECONDS = 3_600;
const FIRST_SLOT = 300_000_000;
const SOL = "So11111111111111111111111111111111111111112";
const OTHERS = 4;

interface ToldTrade {
  readonly number: number;
  readonly slot: number;
}

/**
 * A day of a desk on a chain, a second at a time: trades, and the blocks they stand in. Pools, signers and attackers come and
 * go, some blocks are never to be had, some slots have none, and four times a day the node is away for a quarter of an hour.
 */
export class ChainTraffic {
  readonly #options: ChainTrafficOptions;
  readonly #waiting: ToldTrade[] = [];
  #number = 0;
  #toldThrough = FIRST_SLOT - 1;

  constructor(options: ChainTrafficOptions) {
    this.#options = options;
  }

  /** Protobuf: the trades of that second. */
  trades(second: number): Uint8Array {
    const { startMs, tradesPerSecond } = this.#options;
    const spans = Array.from({ length: tradesPerSecond }, (_, i) => {
      const number = this.#number++;
      const endMs = startMs + second * 1_000 + (i * 1_000) / tradesPerSecond;
      const slot = slotAt(second + i / tradesPerSecond);
      this.#waiting.push({ number, slot });
      return {
        traceId: `c${number.toString(16).padStart(31, "0")}`,
        spanId: `c${number.toString(16).padStart(15, "0")}`,
        name: spanName.tradeExecute,
        kind: 1,
        startTimeUnixNano: String(BigInt(Math.round(endMs) - 20) * 1_000_000n),
        endTimeUnixNano: String(BigInt(Math.round(endMs)) * 1_000_000n),
        attributes: keyValues({
          [attribute.tradeId]: `chain-trade-${number}`,
          [attribute.tradePair]: "SOL/USDC",
          [attribute.tradeStatus]: "success",
          [attribute.tradeSizeUsd]: 100 + (number % 5_000),
          [attribute.mevProtection]: number % 3 === 0 ? "jito" : "none",
          [attribute.solanaSignature]: signatureOf(number),
          [attribute.solanaSlot]: slot,
          [attribute.tradePool]: poolOf(number),
          [attribute.tradeSolUsd]: 150,
        }),
        status: { code: 1 },
      };
    });
    const attributes = keyValues({ [semconv.serviceName]: "desk", [semconv.serviceInstanceId]: "chain" });
    return encodeProtobuf({ resourceSpans: [{ resource: { attributes }, scopeSpans: [{ spans }] }] });
  }

  /** What a watcher tells in that second. */
  chain(second: number): readonly ChainBatch[] {
    const sinceAway = (second - AWAY_UNTIL_SECONDS + AWAY_EVERY_SECONDS) % AWAY_EVERY_SECONDS;
    if (sinceAway >= AWAY_EVERY_SECONDS - AWAY_SECONDS) return [];
    const through = slotAt(second - TOLD_SECONDS);
    const batches: ChainBatch[] = [];
    while (this.#toldThrough < through) {
      this.#toldThrough += 1;
      const slot = this.#toldThrough;
      const trades: ToldTrade[] = [];
      while ((this.#waiting[0]?.slot ?? Number.POSITIVE_INFINITY) <= slot) {
        const trade = this.#waiting.shift();
        if (trade !== undefined) trades.push(trade);
      }
      batches.push(told(slot, trades));
    }
    const finalized = slotAt(second - FINAL_SECONDS);
    return finalized < FIRST_SLOT ? batches : [...batches, { ...emptyChain, finalized }];
  }
}

function told(slot: number, trades: readonly ToldTrade[]): ChainBatch {
  if (slot % 97 === 3 && trades.length === 0) return { ...emptyChain, skipped: [slot] };
  if (slot % 1_009 === 5) return { ...emptyChain, failed: [{ slot, reason: "the node no longer has it" }] };
  const swaps = trades
    .flatMap(({ number }) => swapsAround(slot, number))
    .map((swap, txIndex) => ({ ...swap, txIndex }));
  const pools = "all";
  const rest = {
    attempted: [],
    undecoded: [],
    searched: [],
    others: [],
    skipped: [],
    leader: `leader-${slot % 40}`,
  };
  return { ...emptyChain, slots: [{ slot, pools, swaps, ...rest }] };
}

/** A trade amid those of others; one in 50 is sandwiched. */
function swapsAround(slot: number, number: number): Swap[] {
  const reserves = { sol: 10n ** 13n, token: 10n ** 16n };
  const swap = (signature: string, signer: string, buy: boolean, amountIn: bigint): Swap => {
    const { before, amountOut } = swapIn(reserves, buy, amountIn);
    return {
      id: `${signature}:2`,
      slot,
      txIndex: 0,
      eventIndex: 0,
      signature,
      signer,
      program: signer,
      protocol: "raydium-v4",
      pool: poolOf(number),
      tokenIn: buy ? SOL : `Token${poolOf(number)}`,
      tokenOut: buy ? `Token${poolOf(number)}` : SOL,
      amountIn,
      amountOut,
      reserves: before,
      tipLamports: 0n,
    };
  };
  const others = Array.from({ length: OTHERS }, (_, i) =>
    swap(
      `other-${number}-${i}`.padEnd(88, "1"),
      `signer-${number}-${i}`.padEnd(44, "1"),
      i % 2 === 0,
      10n ** 9n,
    ),
  );
  if (number % 50 !== 0) return [...others, swap(signatureOf(number), "desk", true, 10n ** 10n)];
  const attacker = `attacker-${Math.floor(number / 500)}`.padEnd(44, "1");
  const front = swap(`front-${number}`.padEnd(88, "1"), attacker, true, 10n ** 11n);
  const own = swap(signatureOf(number), "desk", true, 10n ** 11n);
  const back = swap(`back-${number}`.padEnd(88, "1"), attacker, false, front.amountOut);
  return [...others, front, own, back];
}

function slotAt(second: number): number {
  return FIRST_SLOT + Math.floor(second * SLOTS_PER_SECOND);
}

function signatureOf(number: number): string {
  return `own-${number}`.padEnd(88, "1");
}

/** 40 at a time, one of them new every ten minutes or so. */
function poolOf(number: number): string {
  return `pool-${(number % 40) + Math.floor(number / 3_000)}`.padEnd(44, "1");
}

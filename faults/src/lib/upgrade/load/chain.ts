import { PARTS, POOL, SLOTS_APART, signatureOf, slotOf, TRADES } from "./trades.ts";

const SOL = "So11111111111111111111111111111111111111112";
const TOKEN = "TokenMint1111111111111111111111111111111111";
/** The trades of a part that the service gives a slot. */
function placed(part: number): readonly number[] {
  return Array.from({ length: TRADES }, (_, at) => at).filter((at) => slotOf(part, at) !== undefined);
}

/** Bodies of records of kind `chain` that tell of a part's blocks, as JSON. The last blocks are not final yet. */
export function chainOf(part: number): readonly object[] {
  const trades = placed(part);
  const slots = trades.map((at) => slotOf(part, at) ?? 0);
  const told = trades.map((at) => {
    const slot = slotOf(part, at) ?? 0;
    const around = [-4, -3, -2, -1, 1, 2, 3, 4].map((distance) => slot + distance);
    return {
      slots: [slotSwaps(slot, swapsOf(part, at, slot), attemptedAround(part, at, slot))],
      skipped: around,
      failed: [],
      placed: [],
      finalized: null,
    };
  });
  const last = slots.at(-1) ?? 0;
  const failed = [{ slot: last + SLOTS_APART, reason: "the node does not have it" }];
  const nothing = { slots: [], skipped: [], failed: [], placed: [], finalized: null };
  return [...told, { ...nothing, failed }, { ...nothing, finalized: slots.at(-6) ?? 0 }];
}

/** A record of kind `chain` that makes a few more blocks of the last part final. */
export function tailChain(): object {
  const slot = slotOf(PARTS - 1, placed(PARTS - 1).at(-4) ?? 0);
  return { slots: [], skipped: [], failed: [], placed: [], finalized: slot ?? null };
}

/** The trade's own swap; every fifth stands in a sandwich. */
function swapsOf(part: number, at: number, slot: number): readonly object[] {
  const reserves = { sol: 10n ** 12n, token: 10n ** 15n };
  const amount = reserves.sol / 50n;
  const swap = (signature: string, signer: string, buy: boolean, amountIn: bigint, txIndex: number) => {
    const before = buy
      ? { in: reserves.sol, out: reserves.token }
      : { in: reserves.token, out: reserves.sol };
    const amountOut = (before.out * amountIn) / (before.in + amountIn);
    reserves.sol += buy ? amountIn : -amountOut;
    reserves.token += buy ? -amountOut : amountIn;
    return {
      amountOut,
      told: {
        id: `${signature}:2`,
        txIndex,
        eventIndex: 0,
        signature,
        signer,
        program: signer,
        protocol: "raydium-v4",
        pool: POOL,
        payer: signer,
        recipient: signer,
        tokenIn: buy ? SOL : TOKEN,
        tokenOut: buy ? TOKEN : SOL,
        amountIn: String(amountIn),
        amountOut: String(amountOut),
        reserves: { in: String(before.in), out: String(before.out) },
        tipLamports: "0",
        slot,
      },
    };
  };
  const own = signatureOf(part, at);
  if (at % 5 !== 0) return [swap(own, "desk", true, amount, 1).told];
  const attacker = `attacker-${at % 2}`;
  const front = swap(`${own}-front`, attacker, true, amount, 0);
  const middle = swap(own, "desk", true, amount, 1);
  const back = swap(`${own}-back`, attacker, false, front.amountOut, 2);
  return [front.told, middle.told, back.told];
}

/** Around every fifth trade an attacker tries and fails. */
function attemptedAround(part: number, at: number, slot: number): readonly object[] {
  if (at % 5 !== 2) return [];
  const signer = `attacker-${at % 2}`;
  return [0, 2].map((txIndex) => {
    const signature = `${signatureOf(part, at)}-failed-${txIndex}`;
    const place = { id: `${signature}:2`, txIndex, eventIndex: 0, signature, signer, program: signer, slot };
    return { ...place, protocol: "raydium-v4", pool: POOL, tipLamports: "0" };
  });
}

function slotSwaps(slot: number, swaps: readonly object[], attempted: readonly object[]): object {
  return {
    slot,
    pools: "all",
    swaps,
    attempted,
    undecoded: [],
    searched: [],
    others: [],
    skipped: [],
    leader: "Leader",
  };
}

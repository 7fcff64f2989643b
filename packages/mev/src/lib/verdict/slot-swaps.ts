import { programName } from "@slipstream/solana";
import type { DecodedBlock } from "../swaps/decode-block.ts";
import type { OwnerTransfer } from "../swaps/owner-transfers.ts";
import type { AttemptedSwap, PlacedTip, Swap, SwapPlace, UndecodedSwap } from "../swaps/swap.ts";
import type { UnreadSwap } from "../swaps/unread-swaps.ts";
import { swapsNear, transfersNear } from "./swaps-near.ts";
import { tipsOfOwn } from "./tips-of-own.ts";

/** What verdicts need to know about a slot: plain data, and, unlike the block, small enough to keep. */
export interface SlotSwaps {
  readonly slot: number;
  /**
   * The pools whose data are complete; "all" for a whole block. A slot may be reported again with other
   * pools.
   */
  readonly pools: readonly string[] | "all";
  /** Includes swaps in other pools by those who swapped in these. */
  readonly swaps: readonly Swap[];
  readonly attempted: readonly AttemptedSwap[];
  readonly undecoded: readonly UndecodedSwap[];
  /** What owners passed on to others. Records of earlier versions have none. */
  readonly transfers?: readonly OwnerTransfer[] | undefined;
  /** Signatures of the desk's transactions that the slot was searched for. */
  readonly searched: readonly string[];
  /** The desk's transactions in the slot without a known swap. */
  readonly others: readonly OtherTransaction[];
  /** Slots just before this one that the chain skipped. */
  readonly skipped: readonly number[];
  readonly leader: string | null;
}

export interface OtherTransaction {
  readonly signature: string;
  readonly failed: boolean;
  /** Programs that it called and that no decoder knows, by name if they have one. */
  readonly programs: readonly string[];
  /** As in `SwapPlace`; absent in what an earlier version recorded. */
  readonly tips?: readonly PlacedTip[] | undefined;
}

export interface OwnInterest {
  /** Pools to report completely, in addition to those of the desk's transactions. */
  readonly pools?: ReadonlySet<string> | undefined;
  /** Signatures of the desk's own transactions. */
  readonly signatures: ReadonlySet<string>;
}

/** If there are more slots than this between a block and its parent, the parent's number is wrong. */
const mostSkipped = 512;

/**
 * The part of a block that verdicts need: the swaps in the pools of the desk's transactions and in the named
 * pools, and what those who swapped there did elsewhere (an arbitrage is recognized by its other side).
 * @throws RangeError if the block's slot is unknown.
 */
export function slotSwaps(decoded: DecodedBlock, interest: OwnInterest): SlotSwaps {
  const { slot, parentSlot, leader } = decoded;
  if (slot === null) throw new RangeError("slotSwaps needs the block's slot: decodeBlock(block, slot)");
  const { signatures } = interest;
  const pools = new Set(interest.pools);
  for (const { signature, pool } of [...decoded.swaps, ...decoded.attempted, ...decoded.undecoded]) {
    if (signatures.has(signature) && pool !== null) pools.add(pool);
  }
  const isNear = ({ pool, signature }: { pool: string | null; signature: string }): boolean =>
    (pool !== null && pools.has(pool)) || signatures.has(signature);
  const known = new Set(
    [...decoded.swaps, ...decoded.attempted, ...decoded.undecoded].map(({ signature }) => signature),
  );
  const swaps = swapsNear(decoded.swaps, pools);
  const tips = tipsOfOwn(decoded.sent, signatures, known);
  const tipped = <T extends SwapPlace>(swap: T): T => {
    const own = tips.get(swap.signature);
    return own === undefined || own.length === 0 ? swap : { ...swap, tips: own };
  };
  return {
    slot,
    pools: [...pools],
    swaps: swaps.map(tipped),
    attempted: decoded.attempted.filter(isNear).map(tipped),
    undecoded: unreadNear(decoded, pools, signatures).map(tipped),
    transfers: transfersNear(decoded.transfers, swaps),
    searched: [...signatures],
    others: otherTransactions(decoded, signatures, known).map((other) => ({
      ...other,
      tips: tips.get(other.signature) ?? [],
    })),
    skipped: skippedBefore(slot, parentSlot),
    leader,
  };
}

/** A whole block, for tests and for searching recorded blocks. */
export function wholeSlot(decoded: DecodedBlock): SlotSwaps {
  const signatures = new Set(decoded.sent.map(({ signature }) => signature));
  const { swaps, attempted, transfers } = decoded;
  const pools = new Set([...decoded.undecoded, ...decoded.unread].flatMap(({ accounts }) => accounts ?? []));
  const told = slotSwaps(decoded, { signatures, pools });
  return { ...told, pools: "all", searched: [], swaps, attempted, transfers };
}

/**
 * Swaps in the pools, and of the own transactions, that cannot be read. An instruction must list every account that it touches, so
 * one whose pool is not known was in a pool only if it lists it.
 */
function unreadNear(
  decoded: DecodedBlock,
  pools: ReadonlySet<string>,
  own: ReadonlySet<string>,
): UndecodedSwap[] {
  const near: UndecodedSwap[] = [];
  for (const swap of [...decoded.undecoded, ...decoded.unread.map((one) => placed(one, decoded))]) {
    const { accounts, ...told } = swap;
    const isOwn = own.has(told.signature);
    if (told.pool !== null) {
      if (isOwn || pools.has(told.pool)) near.push(told);
    } else if (accounts === undefined) {
      near.push(told);
    } else if (isOwn) {
      near.push({ ...told, accounts: [] });
    }
    for (const pool of new Set(accounts)) {
      if (pool !== told.pool && pools.has(pool)) near.push({ ...told, id: `${told.id} in ${pool}`, pool });
    }
  }
  return near;
}

function placed(unread: UnreadSwap, { slot, blockTime }: DecodedBlock): UndecodedSwap {
  const { id, txIndex, eventIndex, signature, signer, program, name, accounts, reason } = unread;
  const place = { id, slot, blockTime, txIndex, eventIndex, signature, signer, program, protocol: name };
  return { ...place, pool: null, accounts, reason };
}

function otherTransactions(
  { sent }: DecodedBlock,
  own: ReadonlySet<string>,
  known: ReadonlySet<string>,
): OtherTransaction[] {
  return sent
    .filter(({ signature }) => own.has(signature) && !known.has(signature))
    .map(({ signature, failed, unknownPrograms }) => ({
      signature,
      failed,
      programs: [...new Set(unknownPrograms.map((program) => programName(program) ?? program))],
    }));
}

function skippedBefore(slot: number, parentSlot: number | null): number[] {
  if (parentSlot === null || parentSlot >= slot || slot - parentSlot > mostSkipped) return [];
  return Array.from({ length: slot - parentSlot - 1 }, (_, i) => parentSlot + 1 + i);
}

import { type BlockTransaction, type Tip, tipsIn, transactionFee } from "@slipstream/solana";
import type { CurveSwap, SwapDecoder, SwapInstruction } from "../programs/swap-decoder.ts";
import { curveAmounts } from "./curve-amounts.ts";
import {
  alongRoute,
  curveVaults,
  type FoundSwap,
  findSwaps,
  isMaybe,
  listedAccounts,
} from "./found-swaps.ts";
import { mayPassOn, type OwnerTransfer, ownerTransfers } from "./owner-transfers.ts";
import { ProgramCounts } from "./program-counts.ts";
import type { AttemptedSwap, Swap, SwapPlace, UndecodedSwap } from "./swap.ts";
import { type SwapAmounts, swapAmounts } from "./swap-amounts.ts";
import { TransactionTransfers } from "./transaction-transfers.ts";
import {
  gapIn,
  mayHideSwaps,
  mayLack,
  type UnreadSwap,
  unreadSwaps,
  unrecordedSwap,
} from "./unread-swaps.ts";

/** The block's time may follow after its transactions. */
type Untimed<T extends SwapPlace> = Omit<T, "blockTime"> & { blockTime: number | null };

/** What is kept of a transaction, whether or not it swapped. */
export interface SentTransaction extends Pick<BlockTransaction, "signature" | "signer" | "failed"> {
  readonly tips: readonly Tip[];
  /** Programs that it called and that no decoder knows, without those that never swap. */
  readonly unknownPrograms: readonly string[];
}

/**
 * A block's swaps and transfers, added up transaction by transaction. The lists are those of `DecodedBlock`.
 */
export class BlockSwaps {
  readonly swaps: Untimed<Swap>[] = [];
  readonly undecoded: Untimed<UndecodedSwap>[] = [];
  readonly unread: UnreadSwap[] = [];
  readonly attempted: Untimed<AttemptedSwap>[] = [];
  readonly sent: SentTransaction[] = [];
  readonly programs: ProgramCounts;
  readonly slot: number | null;
  readonly #passed: OwnerTransfer[] = [];
  readonly #poolOwners = new Set<string>();

  constructor(slot: number | null, decoders: ReadonlyMap<string, SwapDecoder>) {
    this.slot = slot;
    this.programs = new ProgramCounts(decoders);
  }

  /** What owners passed on to others, without the transfers of pools. */
  get transfers(): OwnerTransfer[] {
    return this.#passed.filter(({ from, to }) => !this.#poolOwners.has(from) && !this.#poolOwners.has(to));
  }

  /** @param blockTime Unix seconds */
  setTime(blockTime: number | null): void {
    for (const places of [this.swaps, this.undecoded, this.attempted])
      for (const place of places) place.blockTime = blockTime;
  }

  add(transaction: BlockTransaction, txIndex: number): void {
    const { signature, signer, failed } = transaction;
    const { found, unknownPrograms } = findSwaps(transaction, this.programs);
    this.sent.push({ signature, signer, failed, tips: tipsIn(transaction), unknownPrograms });
    // Instructions that turn out not to be swaps are taken out.
    const positions = found.length === 0 ? nowhere : new Set(found.map(({ position }) => position));
    const hidden = unrecordedSwap(transaction, txIndex);
    if (transaction.failed) this.#addAttempted(transaction, txIndex, found);
    else if (hidden !== undefined) this.#addUnrecorded(transaction, txIndex, found, hidden);
    else this.#addRecorded(transaction, txIndex, found, positions);
    this.programs.addSwaps(transaction, positions);
  }

  #addAttempted(transaction: BlockTransaction, txIndex: number, found: readonly FoundSwap[]): void {
    const attempted = found.filter((one) => !isMaybe(one));
    if (attempted.length === 0) return;
    const placeOf = this.#placesIn(transaction, txIndex);
    for (const one of attempted) this.attempted.push({ ...placeOf(one), pool: one.pool });
  }

  #addUnrecorded(
    transaction: BlockTransaction,
    txIndex: number,
    found: readonly FoundSwap[],
    hidden: UnreadSwap,
  ): void {
    this.unread.push(hidden);
    if (found.length === 0) return;
    const placeOf = this.#placesIn(transaction, txIndex);
    const { reason } = hidden;
    for (const one of found)
      this.undecoded.push({ ...placeOf(one), pool: one.pool, ...listedAccounts(one), reason });
  }

  #addRecorded(
    transaction: BlockTransaction,
    txIndex: number,
    recognised: readonly FoundSwap[],
    positions: Set<number>,
  ): void {
    const mayPass = mayPassOn(transaction);
    const mayHaveGap = mayLack(transaction);
    if (recognised.length === 0 && !mayPass && !mayHaveGap) return;
    const mayHide = mayHideSwaps(transaction, positions);
    const before = positions.size;
    const transfers = new TransactionTransfers(transaction, positions);
    const found = recognised.flatMap((one) => alongRoute(one, transfers, positions));
    const gained = this.#addFound(transaction, txIndex, found, transfers, positions);
    const others =
      mayHide || positions.size < before
        ? unreadSwaps(transaction, txIndex, transfers, positions, curveVaults(found))
        : [];
    this.unread.push(...others);
    const gap = mayHaveGap ? gapIn(transaction, txIndex, transfers, gained) : undefined;
    if (gap !== undefined) this.unread.push(gap);
    if (mayPass) {
      const all = [...positions, ...others.map(({ eventIndex }) => eventIndex)];
      const place = { slot: this.slot, txIndex };
      this.#passed.push(...ownerTransfers(transaction, place, transfers, all));
    }
  }

  /** @returns What vaults gained in the swaps that could be read, atoms. */
  #addFound(
    transaction: BlockTransaction,
    txIndex: number,
    found: readonly FoundSwap[],
    transfers: TransactionTransfers,
    positions: Set<number>,
  ): ReadonlyMap<string, bigint> {
    if (found.length === 0) return nothing;
    const gained = new Map<string, bigint>();
    const placeOf = this.#placesIn(transaction, txIndex);
    for (const one of found) {
      const { swap, pool, reason } = one;
      if (swap === undefined || "route" in swap) {
        this.undecoded.push({ ...placeOf(one), pool, ...listedAccounts(one), reason });
        continue;
      }
      const isAlone = found.filter((other) => other.pool === pool).length === 1;
      const amounts = amountsOf(swap, one.position, transaction, transfers, isAlone);
      if (typeof amounts === "string" && "vaults" in swap && swap.unpublished === true) {
        positions.delete(one.position);
        continue;
      }
      for (const owner of ownersOf(swap, transaction)) this.#poolOwners.add(owner);
      if (typeof amounts === "string") {
        this.undecoded.push({ ...placeOf(one), pool, reason: amounts });
        continue;
      }
      this.swaps.push({ ...placeOf(one), pool: swap.pool, ...amounts });
      for (const vault of vaultsOf(swap)) {
        const { mint } = transaction.tokenBalances.get(vault) ?? {};
        const change = mint === amounts.tokenIn ? amounts.amountIn : -amounts.amountOut;
        gained.set(vault, (gained.get(vault) ?? 0n) + change);
      }
    }
    return gained;
  }

  /** Computes fees and tips, so call it only if there is a swap. */
  #placesIn(transaction: BlockTransaction, txIndex: number): (found: FoundSwap) => Untimed<SwapPlace> {
    const { feeLamports, priorityFeeLamports, signatures } = transaction;
    const fee =
      feeLamports === undefined ? undefined : transactionFee(feeLamports, signatures, priorityFeeLamports);
    const tips = this.sent[txIndex]?.tips ?? [];
    // A failed transaction moved nothing.
    const tipLamports = transaction.failed ? 0n : tips.reduce((sum, { lamports }) => sum + lamports, 0n);
    return ({ decoder, position, hop }) => {
      const instruction = transaction.instructions[position];
      return {
        id: `${transaction.signature}:${instruction?.label}${hop === 0 ? "" : `/${hop + 1}`}`,
        slot: this.slot,
        blockTime: null,
        txIndex,
        // An instruction over several pools calls at least as many others, so its later hops can use their
        // positions.
        eventIndex: position + hop,
        signature: transaction.signature,
        signer: transaction.signer,
        program: instruction?.topProgram ?? decoder.program,
        protocol: decoder.protocol,
        fee,
        tipLamports,
        ...(tips.length === 0 ? {} : { tips }),
      };
    };
  }
}

const nowhere: Set<number> = new Set();
const nothing: ReadonlyMap<string, bigint> = new Map();

function amountsOf(
  swap: SwapInstruction | CurveSwap,
  position: number,
  transaction: BlockTransaction,
  transfers: TransactionTransfers,
  alone: boolean,
): SwapAmounts | string {
  return "vaults" in swap
    ? swapAmounts(swap, position, transaction, transfers, alone)
    : curveAmounts(swap, position, transaction, transfers, alone);
}

function vaultsOf(swap: SwapInstruction | CurveSwap): readonly string[] {
  return "vaults" in swap ? swap.vaults : [swap.vault];
}

/** Who owns what the pool holds: the pool itself, or an authority of the program for all pools. */
function ownersOf(swap: SwapInstruction | CurveSwap, { tokenBalances }: BlockTransaction): string[] {
  return [swap.pool, ...vaultsOf(swap).flatMap((vault) => tokenBalances.get(vault)?.owner ?? [])];
}

import { type Block, type BlockTransaction, tipsIn, transactionFee } from "@slipstream/solana";
import { swapDecoders } from "../programs/decoders.ts";
import type { CurveSwap, RoutedSwap, SwapDecoder, SwapInstruction } from "../programs/swap-decoder.ts";
import { curveAmounts } from "./curve-amounts.ts";
import { mayPassOn, type OwnerTransfer, ownerTransfers } from "./owner-transfers.ts";
import { type DecodedProgram, ProgramCounts, type UndecodedProgram } from "./program-counts.ts";
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

export interface DecodedBlock {
  readonly slot: number | null;
  /** Unix seconds. */
  readonly blockTime: number | null;
  /** Slot of the previous block; the slots between were skipped. */
  readonly parentSlot: number | null;
  readonly leader: string | null;
  readonly transactions: number;
  readonly failedTransactions: number;
  /** In execution order. */
  readonly swaps: readonly Swap[];
  /** Swaps that happened but cannot be read. */
  readonly undecoded: readonly UndecodedSwap[];
  /** Swaps of any program that show only in token transfers, or that an incomplete record may hide. */
  readonly unread: readonly UnreadSwap[];
  /** Swaps of failed transactions. */
  readonly attempted: readonly AttemptedSwap[];
  /** What owners passed on to others, without the transfers of pools. */
  readonly transfers: readonly OwnerTransfer[];
  /** What was decoded, by program, most swaps first. Programs that the block does not use are left out. */
  readonly decodedPrograms: readonly DecodedProgram[];
  /** Programs without a decoder, those that swapped first. Their swaps are not in `swaps`. */
  readonly unknownPrograms: readonly UndecodedProgram[];
}

export interface DecodeOptions {
  /** The protocols to decode; all if undefined. The programs of the others count as unknown. */
  readonly protocols?: readonly string[];
}

/**
 * Decodes the swaps of a block.
 * @param slot The block's slot; null if unknown.
 * @throws BlockError if an instruction's data are not base58.
 */
export function decodeBlock(block: Block, slot: number | null, options: DecodeOptions = {}): DecodedBlock {
  const { protocols } = options;
  const chosen = swapDecoders.filter(({ protocol }) => protocols?.includes(protocol) ?? true);
  const decoders = new Map(chosen.map((decoder) => [decoder.program, decoder]));
  const swaps: Swap[] = [];
  const undecoded: UndecodedSwap[] = [];
  const attempted: AttemptedSwap[] = [];
  const unread: UnreadSwap[] = [];
  const passed: OwnerTransfer[] = [];
  const poolOwners = new Set<string>();
  const programs = new ProgramCounts(decoders);
  for (const [txIndex, transaction] of block.transactions.entries()) {
    const recognised = findSwaps(transaction, programs);
    const positions = recognised.length === 0 ? nowhere : new Set(recognised.map(({ position }) => position));
    const hidden = unrecordedSwap(transaction, txIndex);
    if (hidden !== undefined) unread.push(hidden);
    const mayPass = mayPassOn(transaction);
    const mayHide = hidden === undefined && mayHideSwaps(transaction, positions);
    const isOfTokens = mayLack(transaction);
    if (recognised.length > 0 || mayPass || isOfTokens) {
      // Fees and tips are computed only if there is a swap.
      let place: ReturnType<typeof placer> | undefined;
      const transfers = new TransactionTransfers(transaction, positions);
      const isOpen = transaction.failed || hidden !== undefined;
      const before = positions.size;
      const read = new Map<string, bigint>();
      // A transaction that failed, or is not recorded, has no transfers that show the pools of a route.
      const found = isOpen ? recognised : recognised.flatMap((one) => alongRoute(one, transfers, positions));
      for (const one of found) {
        const { swap, pool, reason } = one;
        place ??= placer(block, slot, transaction, txIndex);
        const at = place(one);
        if (transaction.failed) {
          if (!isMaybe(swap)) attempted.push({ ...at, pool });
        } else if (hidden !== undefined || swap === undefined || "route" in swap) {
          undecoded.push({ ...at, pool, ...accountsOf(one), reason: hidden?.reason ?? reason });
        } else {
          const alone = found.filter((other) => other.pool === pool).length === 1;
          const amounts = amountsOf(swap, one.position, transaction, transfers, alone);
          if (typeof amounts === "string" && "vaults" in swap && swap.unpublished === true) {
            positions.delete(one.position);
            continue;
          }
          for (const owner of ownersOf(swap, transaction)) poolOwners.add(owner);
          if (typeof amounts === "string") undecoded.push({ ...at, pool, reason: amounts });
          else {
            swaps.push({ ...at, pool: swap.pool, ...amounts });
            for (const vault of vaultsOf(swap)) {
              const { mint } = transaction.tokenBalances.get(vault) ?? {};
              const gained = mint === amounts.tokenIn ? amounts.amountIn : -amounts.amountOut;
              read.set(vault, (read.get(vault) ?? 0n) + gained);
            }
          }
        }
      }
      const isOther = mayHide || positions.size < before;
      const others = isOther
        ? unreadSwaps(transaction, txIndex, transfers, positions, curveVaults(found))
        : [];
      unread.push(...others);
      const gap = isOfTokens ? gapIn(transaction, txIndex, transfers, read) : undefined;
      if (gap !== undefined) unread.push(gap);
      if (mayPass) {
        const all = [...positions, ...others.map(({ eventIndex }) => eventIndex)];
        passed.push(...ownerTransfers(transaction, { slot, txIndex }, transfers, all));
      }
    }
    programs.addSwaps(transaction, positions);
  }
  return {
    slot,
    blockTime: block.blockTime,
    parentSlot: block.parentSlot,
    leader: block.leader,
    transactions: block.transactions.length,
    failedTransactions: block.transactions.filter(({ failed }) => failed).length,
    swaps,
    undecoded,
    unread,
    attempted,
    transfers: passed.filter(({ from, to }) => !poolOwners.has(from) && !poolOwners.has(to)),
    decodedPrograms: programs.decoded({ swaps, undecoded, attempted, unread }),
    unknownPrograms: programs.unknown(unread),
  };
}

interface FoundSwap {
  readonly decoder: SwapDecoder;
  /** Position of the instruction. */
  readonly position: number;
  /** 0 for the first pool that the instruction swaps in, 1 for the second, and so on. */
  readonly hop: number;
  readonly swap: SwapInstruction | CurveSwap | RoutedSwap | undefined;
  readonly pool: string | null;
  /** Of the instruction. */
  readonly accounts: readonly string[];
  readonly reason: string;
  /** Whether it is a route whose pools could not be told. */
  readonly isRoute?: boolean;
}

function vaultsOf(swap: SwapInstruction | CurveSwap): readonly string[] {
  return "vaults" in swap ? swap.vaults : [swap.vault];
}

/** Who owns what the pool holds: the pool itself, or an authority of the program for all pools. */
function ownersOf(swap: SwapInstruction | CurveSwap, { tokenBalances }: BlockTransaction): string[] {
  return [swap.pool, ...vaultsOf(swap).flatMap((vault) => tokenBalances.get(vault)?.owner ?? [])];
}

/** A route may have used any of the pools that it lists. */
function accountsOf({ pool, accounts, isRoute }: FoundSwap): { accounts?: readonly string[] } {
  return pool === null || isRoute === true ? { accounts } : {};
}

const nowhere: Set<number> = new Set();

/** Counts the instructions, too: blocks have thousands, and each program is looked up once. */
function findSwaps({ instructions }: BlockTransaction, programs: ProgramCounts): readonly FoundSwap[] {
  let found: FoundSwap[] | undefined;
  for (let position = 0; position < instructions.length; position++) {
    const instruction = instructions[position];
    const decoder = instruction === undefined ? undefined : programs.add(instruction.program);
    if (instruction === undefined || decoder === undefined) continue;
    for (const [hop, recognised] of decoder.recognise(instruction).entries()) {
      const isReadable = !("reason" in recognised);
      found ??= [];
      found.push({
        decoder,
        position,
        hop,
        swap: isReadable ? recognised : undefined,
        pool: recognised.pool,
        accounts: instruction.accounts,
        reason: isReadable ? "" : recognised.reason,
      });
    }
  }
  return found ?? none;
}

const none: readonly FoundSwap[] = [];

/** The swaps along a route. An instruction that turns out to hold none is taken out of `positions`. */
function alongRoute(found: FoundSwap, transfers: TransactionTransfers, positions: Set<number>): FoundSwap[] {
  const { swap, position } = found;
  if (swap === undefined || !("route" in swap)) return [found];
  const swaps = swap.route(transfers.calledBy(position), transfers.instructionsBelow(position));
  if (typeof swaps === "string") return [{ ...found, swap: undefined, reason: swaps, isRoute: true }];
  if (swaps.length === 0) positions.delete(position);
  return swaps.map((one, hop) => ({
    ...found,
    hop,
    swap: "reason" in one ? undefined : one,
    pool: one.pool,
    reason: "reason" in one ? one.reason : "",
  }));
}

function isMaybe(swap: FoundSwap["swap"]): boolean {
  return swap !== undefined && "route" in swap && swap.maybe === true;
}

function curveVaults(found: readonly FoundSwap[]): Set<string> {
  return new Set(found.flatMap(({ swap }) => (swap !== undefined && "vault" in swap ? [swap.vault] : [])));
}

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

function placer(
  block: Block,
  slot: number | null,
  transaction: BlockTransaction,
  txIndex: number,
): (found: FoundSwap) => SwapPlace {
  const { feeLamports, priorityFeeLamports, signatures } = transaction;
  const fee =
    feeLamports === undefined ? undefined : transactionFee(feeLamports, signatures, priorityFeeLamports);
  const tips = tipsIn(transaction);
  // A failed transaction moved nothing.
  const tipLamports = transaction.failed ? 0n : tips.reduce((sum, { lamports }) => sum + lamports, 0n);
  return ({ decoder, position, hop }) => {
    const instruction = transaction.instructions[position];
    return {
      id: `${transaction.signature}:${instruction?.label}${hop === 0 ? "" : `/${hop + 1}`}`,
      slot,
      blockTime: block.blockTime,
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

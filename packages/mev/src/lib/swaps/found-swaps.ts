import type { BlockTransaction } from "@slipstream/solana";
import type {
  CurveSwap,
  Recognised,
  RoutedSwap,
  SwapDecoder,
  SwapInstruction,
} from "../programs/swap-decoder.ts";
import type { ProgramCounts } from "./program-counts.ts";
import type { TransactionTransfers } from "./transaction-transfers.ts";

/** A swap that an instruction contains, before it is known what it moved. */
export interface FoundSwap {
  readonly decoder: SwapDecoder;
  /** Position of the instruction. */
  readonly position: number;
  /** 0 for the first pool that the instruction swaps in, 1 for the second, and so on. */
  readonly hop: number;
  /** undefined with `reason`. */
  readonly swap: SwapInstruction | CurveSwap | RoutedSwap | undefined;
  readonly pool: string | null;
  /** Of the instruction. */
  readonly accounts: readonly string[];
  /** Why it cannot be read; "" if it can. */
  readonly reason: string;
  /** Whether it is a route whose pools could not be told. */
  readonly isRoute?: boolean;
}

interface Found {
  readonly found: readonly FoundSwap[];
  readonly unknownPrograms: readonly string[];
}

/** Counts the instructions, too: blocks have thousands, and each program is looked up once. */
export function findSwaps({ instructions }: BlockTransaction, programs: ProgramCounts): Found {
  let found: FoundSwap[] | undefined;
  let unknown: string[] | undefined;
  for (let position = 0; position < instructions.length; position++) {
    const instruction = instructions[position];
    if (instruction === undefined) continue;
    const { accounts, program } = instruction;
    const { decoder, isUnknown } = programs.add(program);
    if (isUnknown && unknown?.includes(program) !== true) {
      unknown ??= [];
      unknown.push(program);
    }
    if (decoder === undefined) continue;
    for (const [hop, recognised] of decoder.recognise(instruction).entries()) {
      found ??= [];
      found.push(foundSwap({ decoder, position, accounts }, hop, recognised));
    }
  }
  return { found: found ?? none, unknownPrograms: unknown ?? nobody };
}

const none: readonly FoundSwap[] = [];
const nobody: readonly string[] = [];

/** The swaps along a route. An instruction that turns out to hold none is taken out of `positions`. */
export function alongRoute(
  found: FoundSwap,
  transfers: TransactionTransfers,
  positions: Set<number>,
): FoundSwap[] {
  const { swap, position } = found;
  if (swap === undefined || !("route" in swap)) return [found];
  const swaps = swap.route(transfers.calledBy(position), transfers.instructionsBelow(position));
  if (typeof swaps === "string") return [{ ...found, swap: undefined, reason: swaps, isRoute: true }];
  if (swaps.length === 0) positions.delete(position);
  return swaps.map((one, hop) => foundSwap(found, hop, one));
}

function foundSwap(
  { decoder, position, accounts }: Pick<FoundSwap, "decoder" | "position" | "accounts">,
  hop: number,
  recognised: Recognised[number],
): FoundSwap {
  const base = { decoder, position, hop, pool: recognised.pool, accounts };
  return "reason" in recognised
    ? { ...base, swap: undefined, reason: recognised.reason }
    : { ...base, swap: recognised, reason: "" };
}

/** Whether it may hold no swap. */
export function isMaybe({ swap }: FoundSwap): boolean {
  return swap !== undefined && "route" in swap && swap.maybe === true;
}

/** A route may have used any of the pools that it lists. */
export function listedAccounts({ pool, accounts, isRoute }: FoundSwap): { accounts?: readonly string[] } {
  return pool === null || isRoute === true ? { accounts } : {};
}

export function curveVaults(found: readonly FoundSwap[]): Set<string> {
  return new Set(found.flatMap(({ swap }) => (swap !== undefined && "vault" in swap ? [swap.vault] : [])));
}

import type { Instruction, TokenTransfer } from "@slipstream/solana";

/** What a program's swap instruction says by itself; the amounts come from what the vaults gave and took. */
export interface SwapInstruction {
  readonly pool: string;
  /** The pool's two token accounts. */
  readonly vaults: readonly [string, string];
  /** Whether the program's fees go past the pool: from the trader to others, or out of a vault to others. */
  readonly feesBeside?: boolean | undefined;
  /** Whether other pools keep tokens in the same vaults: their balances say nothing of one swap. */
  readonly sharedVaults?: boolean | undefined;
  /** Whether it trades against reserves that are not what the vaults hold. */
  readonly virtual?: boolean | undefined;
}

/** A swap in a pool that keeps lamports on its own account, and tokens in a token account. */
export interface CurveSwap {
  readonly pool: string;
  /** The token account. */
  readonly vault: string;
  readonly mint: string;
  /** What the lamports are called. */
  readonly money: string;
  readonly user: string;
  /** Whom the protocol's fee goes to, in lamports. */
  readonly feeRecipient: string;
  /** The trade that the program tells of itself in an instruction that the swap called; undefined where it tells none. */
  tradeOf(instruction: Instruction): CurveTrade | undefined;
}

/** Swaps in several pools, which only the token transfers that the instruction called tell apart from its other accounts. */
export interface RoutedSwap {
  /** The first. */
  readonly pool: string;
  /** The swaps in order, or why they cannot be told. */
  route(transfers: readonly TokenTransfer[]): readonly SwapInstruction[] | string;
}

/** A trade as the program tells it, atoms. */
export interface CurveTrade {
  readonly isBuy: boolean;
  /** Into or out of the curve. */
  readonly lamports: bigint;
  readonly tokens: bigint;
  /** Beside them; undefined where the program did not tell them yet. */
  readonly fees: bigint | undefined;
  /** What the curve trades against after it. */
  readonly after: { readonly lamports: bigint; readonly tokens: bigint };
}

/** A swap that cannot be read, and why. */
export interface UnreadableSwap {
  readonly pool: string | null;
  readonly reason: string;
}

/** The swaps of an instruction, in the order they run: none, one, or several where it goes over several pools. */
export type Recognised = readonly (SwapInstruction | CurveSwap | RoutedSwap | UnreadableSwap)[];

/** A program whose swaps can be read. A new one is one file with this and one line in the list of decoders. */
export interface SwapDecoder {
  readonly program: string;
  /** Name in swap events. */
  readonly protocol: string;
  recognise(instruction: Instruction): Recognised;
}

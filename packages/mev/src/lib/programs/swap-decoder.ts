import type { Instruction, TokenTransfer } from "@slipstream/solana";

/** What a swap instruction itself contains. The amounts come from the vaults' transfers. */
export interface SwapInstruction {
  readonly pool: string;
  /** The pool's two token accounts. */
  readonly vaults: readonly [string, string];
  /** Whether the program's fees bypass the pool: paid to others by the trader, or out of a vault. */
  readonly feesBeside?: boolean | undefined;
  /**
   * Whether the vaults also hold other pools' tokens, so that their balances do not reflect a single swap.
   */
  readonly sharedVaults?: boolean | undefined;
  /** Whether it trades against reserves that differ from the vault balances. */
  readonly virtual?: boolean | undefined;
  /**
   * Whether the program publishes no layout, so that these accounts may be others after its next upgrade. If the token
   * transfers do not go through these vaults, the instruction then counts as one that nobody decodes.
   */
  readonly unpublished?: boolean | undefined;
}

/** A swap in a pool that keeps lamports in its own account and tokens in a token account. */
export interface CurveSwap {
  readonly pool: string;
  /** The token account. */
  readonly vault: string;
  readonly mint: string;
  /** Name used for the lamports, as a token. */
  readonly money: string;
  readonly user: string;
  /** Accounts that receive fees, in lamports. */
  readonly feeRecipients: readonly string[];
  /**
   * The trade reported by the program in an instruction that the swap called; undefined if it reports none.
   */
  tradeOf(instruction: Instruction): CurveTrade | undefined;
}

/** An instruction whose swaps show only in what it called: there may be several, one or none. */
export interface RoutedSwap {
  /** The first pool. */
  readonly pool: string;
  /** Whether it may also hold no swap. If it failed, it then counts as no attempt. */
  readonly maybe?: boolean | undefined;
  /**
   * The swaps in order, or why they cannot be determined.
   * @param transfers The token transfers that the instruction called.
   * @param called All instructions that it called.
   */
  route(
    transfers: readonly TokenTransfer[],
    called: readonly Instruction[],
  ): readonly (SwapInstruction | UnreadableSwap)[] | string;
}

/** A trade as reported by the program, in atoms. */
export interface CurveTrade {
  readonly isBuy: boolean;
  /** Amount that entered or left the curve. */
  readonly lamports: bigint;
  readonly tokens: bigint;
  /** Fees on top of that; undefined if this version of the program does not report them. */
  readonly fees: bigint | undefined;
  /** What the curve trades against after the trade. */
  readonly after: { readonly lamports: bigint; readonly tokens: bigint };
}

/** A swap that cannot be read, with the reason. */
export interface UnreadableSwap {
  readonly pool: string | null;
  readonly reason: string;
}

/** The swaps of an instruction in execution order: none, one, or several if it uses several pools. */
export type Recognised = readonly (SwapInstruction | CurveSwap | RoutedSwap | UnreadableSwap)[];

/**
 * A program whose swaps can be read. To add one, write one file with a decoder and add one line to the list
 * of decoders.
 */
export interface SwapDecoder {
  readonly program: string;
  /** Name in swap events. */
  readonly protocol: string;
  recognise(instruction: Instruction): Recognised;
}

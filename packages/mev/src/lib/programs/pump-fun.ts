import { type Instruction, instructionData, wrappedSol } from "@slipstream/solana";
import { pumpTrade } from "./pump-trade-event.ts";
import type { CurveSwap, Recognised, SwapDecoder, SwapInstruction, UnreadableSwap } from "./swap-decoder.ts";

interface Trade {
  readonly name: string;
  /** The v2 instructions list the quote mint, which may be a token. */
  readonly second: boolean;
}

/** By Anchor's discriminator, the first 8 bytes of the data. */
const trades: ReadonlyMap<bigint, Trade> = new Map([
  [0x66063d1201daebean, { name: "buy", second: false }],
  [0x38fc74089edfcd5fn, { name: "buy_exact_sol_in", second: false }],
  [0x33e685a4017f83adn, { name: "sell", second: false }],
  [0xb817ee6167c5d33dn, { name: "buy_v2", second: true }],
  [0xc2ab1c46684d5b2fn, { name: "buy_exact_quote_in_v2", second: true }],
  [0x5df6823ce7e940b2n, { name: "sell_v2", second: true }],
]);

/**
 * Pump.fun's bonding curves. The curve's account holds its lamports; its tokens are in a token account.
 * Accounts of buy and sell: global, fee_recipient, mint, bonding_curve, associated_bonding_curve,
 * associated_user, user. Accounts of the v2 instructions: global, base_mint, quote_mint, three programs, four
 * fee accounts, bonding_curve, its base and quote accounts, user.
 * Source: pump-fun/pump-public-docs, idl/pump.json.
 */
export const pumpFun: SwapDecoder = {
  program: "6EF8rrecthR5Dkzon8Nwu78hRvfCKubJ14M5uBEwF6P",
  protocol: "PumpFun",
  recognise(instruction): Recognised {
    const data = instructionData(instruction);
    if (data === undefined || data.byteLength < 8) return [];
    const trade = trades.get(data.getBigUint64(0));
    if (trade === undefined) return [];
    return [trade.second ? readSecond(instruction, trade.name) : readFirst(instruction, trade.name)];
  },
};

function readFirst({ accounts }: Instruction, name: string): CurveSwap | UnreadableSwap {
  const [, feeRecipient, mint, pool, vault, , user] = accounts;
  if (!feeRecipient || !mint || !pool || !vault || !user) return tooFew(name, 7, accounts, pool);
  return { pool, vault, mint, money: wrappedSol, user, feeRecipients: [feeRecipient], tradeOf: pumpTrade };
}

function readSecond({ accounts }: Instruction, name: string): CurveSwap | SwapInstruction | UnreadableSwap {
  const [, mint, quote, , , , feeRecipient] = accounts;
  const [pool, vault, quoteVault, user] = accounts.slice(10);
  if (!feeRecipient || !mint || !pool || !vault || !quoteVault || !user) {
    return tooFew(name, 14, accounts, pool);
  }
  // The v2 instructions name this mint if the money is lamports.
  return quote === wrappedSol
    ? { pool, vault, mint, money: wrappedSol, user, feeRecipients: [feeRecipient], tradeOf: pumpTrade }
    : { pool, vaults: [vault, quoteVault], feesBeside: true, virtual: true };
}

function tooFew(
  name: string,
  least: number,
  accounts: readonly string[],
  pool: string | undefined,
): UnreadableSwap {
  return {
    pool: pool ?? null,
    reason: `${name} needs at least ${least} accounts, this instruction has ${accounts.length}`,
  };
}

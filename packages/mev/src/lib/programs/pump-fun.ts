import { type Instruction, instructionData } from "@slipstream/solana";
import { pumpTrade } from "./pump-trade-event.ts";
import type { CurveSwap, Recognised, SwapDecoder, SwapInstruction, UnreadableSwap } from "./swap-decoder.ts";

/** What the second instructions name as the mint of the money where it is lamports. */
const wrappedSol = "So11111111111111111111111111111111111111112";

interface Trade {
  readonly name: string;
  /** The second instructions name the money's mint, which may be a token's. */
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
 * Pump.fun's bonding curves. The curve's account holds its lamports; its tokens lie in a token account.
 * Buy and sell: global, fee_recipient, mint, bonding_curve, associated_bonding_curve, associated_user, user. Their second
 * versions: global, base_mint, quote_mint, three programs, four accounts of fees, bonding_curve, its accounts of base and
 * quote, user.
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
  return { pool, vault, mint, money: wrappedSol, user, feeRecipient, tradeOf: pumpTrade };
}

function readSecond({ accounts }: Instruction, name: string): CurveSwap | SwapInstruction | UnreadableSwap {
  const [, mint, quote, , , , feeRecipient] = accounts;
  const [pool, vault, quoteVault, user] = accounts.slice(10);
  if (!feeRecipient || !mint || !pool || !vault || !quoteVault || !user) {
    return tooFew(name, 14, accounts, pool);
  }
  return quote === wrappedSol
    ? { pool, vault, mint, money: wrappedSol, user, feeRecipient, tradeOf: pumpTrade }
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
    reason: `${name} lists at least ${least} accounts, this one ${accounts.length}`,
  };
}

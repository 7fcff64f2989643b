import { instructionData, wrappedSol } from "@slipstream/solana";
import type { Recognised, SwapDecoder } from "./swap-decoder.ts";

/** By Anchor's discriminator, the first 8 bytes of the data. */
const trades: ReadonlyMap<bigint, string> = new Map([
  [0x66063d1201daebean, "buy"],
  [0x33e685a4017f83adn, "sell"],
]);

/**
 * Moonshot's bonding curves (now Moonit). The curve's account holds its lamports; its tokens are in a token account. The program
 * logs its events and does not call itself with them, so amounts come from the transfers and lamport balances. Accounts: sender,
 * its token account, curve, its token account, two fee accounts, mint.
 * Source: okxlabs/DEX-Router-Solana-V1, adapters/moonit.rs.
 */
export const moonshot: SwapDecoder = {
  program: "MoonCVVNZFSYkqNXP6bxHLPL6QQJiMagDL3qcqUQTrG",
  protocol: "Moonshot",
  recognise(instruction): Recognised {
    const data = instructionData(instruction);
    if (data === undefined || data.byteLength < 8) return [];
    const name = trades.get(data.getBigUint64(0));
    if (name === undefined) return [];
    const { accounts } = instruction;
    const [user, , pool, vault, dexFee, helioFee, mint] = accounts;
    if (!user || !pool || !vault || !dexFee || !helioFee || !mint) {
      const reason = `${name} needs at least 7 accounts, this instruction has ${accounts.length}`;
      return [{ pool: pool ?? null, reason }];
    }
    const feeRecipients = [dexFee, helioFee];
    return [{ pool, vault, mint, money: wrappedSol, user, feeRecipients, tradeOf: () => undefined }];
  },
};

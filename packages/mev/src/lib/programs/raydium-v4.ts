import { type Instruction, instructionData } from "@slipstream/solana";
import type { Recognised, SwapDecoder } from "./swap-decoder.ts";

/** SwapBaseIn, SwapBaseOut: with the accounts of the order book that the pool once quoted in. */
const swaps: ReadonlySet<number> = new Set([9, 11]);
/** SwapBaseInV2, SwapBaseOutV2: without them. On mainnet since 2025. */
const shortSwaps: ReadonlySet<number> = new Set([16, 17]);
/** The other tags up to here are initialise, deposit, withdraw, ... */
const lastKnownTag = 17;

/**
 * Raydium AMM v4. A swap has 18 accounts, or 17 if the target orders (account 4) are left out. A swap of version 2 has 8: token
 * program, pool, authority, two vaults, the user's source and destination, the user.
 * Source: raydium-io/raydium-amm, program/src/instruction.rs.
 */
export const raydiumV4: SwapDecoder = {
  program: "675kPX9MHTjS2zt1qfr1NYHuzeLXfQM9H24wFSUt1Mp8",
  protocol: "RaydiumV4",
  recognise,
};

function recognise(instruction: Instruction): Recognised {
  const data = instructionData(instruction);
  if (data === undefined || data.byteLength === 0) return [];
  const tag = data.getUint8(0);
  const { accounts } = instruction;
  if (tag > lastKnownTag) return [{ pool: null, reason: `unknown instruction tag ${tag}` }];
  if (!swaps.has(tag) && !shortSwaps.has(tag)) return [];
  const isShort = shortSwaps.has(tag);
  const pool = accounts[1] ?? null;
  const first = isShort ? 3 : accounts.length === 17 ? 4 : 5;
  const [vault0, vault1] = [accounts[first], accounts[first + 1]];
  const isKnown = isShort ? accounts.length >= 8 : accounts.length === 17 || accounts.length === 18;
  if (!isKnown || pool === null || !vault0 || !vault1) {
    const expected = isShort ? "at least 8 accounts" : "17 or 18 accounts";
    return [
      { pool, reason: `a swap with tag ${tag} needs ${expected}, this instruction has ${accounts.length}` },
    ];
  }
  return [{ pool, vaults: [vault0, vault1] }];
}

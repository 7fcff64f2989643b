import { type Instruction, instructionData } from "@slipstream/solana";
import type { Recognised, SwapDecoder } from "./swap-decoder.ts";

const swapBaseIn = 9;
const swapBaseOut = 11;
/** Tags 0 to 15 are initialise, deposit, withdraw, ...; higher ones were added after this was written. */
const lastKnownTag = 15;

/**
 * Raydium AMM v4. A swap has 18 accounts, or 17 if the target orders (account 4) are left out.
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
  if (tag !== swapBaseIn && tag !== swapBaseOut) return [];
  const pool = accounts[1] ?? null;
  const first = accounts.length === 17 ? 4 : 5;
  const [vault0, vault1] = [accounts[first], accounts[first + 1]];
  if (accounts.length < 17 || accounts.length > 18 || pool === null || !vault0 || !vault1) {
    return [{ pool, reason: `a swap needs 17 or 18 accounts, this instruction has ${accounts.length}` }];
  }
  return [{ pool, vaults: [vault0, vault1] }];
}

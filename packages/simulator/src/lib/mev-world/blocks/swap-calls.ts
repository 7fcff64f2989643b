import { tokenIn, tokenOut } from "../pools/pool.ts";
import type { Move } from "./balances.ts";
import { type PlainInstruction, transfer } from "./instruction.ts";
import { vaults } from "./swap-instruction.ts";
import { tokenAccount } from "./token-account.ts";

/** The token transfers that a swap calls: from the trader to the pool, and back. */
export function swapTransfers(owner: string, move: Move, height: number): PlainInstruction[] {
  const { pool, buy, amountIn, amountOut } = move;
  const [vaultIn, vaultOut] = vaults(pool, buy);
  const [taken, given] = [tokenIn(pool, buy), tokenOut(pool, buy)];
  const checks = pool.protocol === "RaydiumCPMM";
  return [
    transfer({
      from: tokenAccount(owner, taken.mint),
      to: vaultIn,
      authority: owner,
      amount: amountIn,
      height,
      checked: checks ? taken : undefined,
    }),
    transfer({
      from: vaultOut,
      to: tokenAccount(owner, given.mint),
      authority: pool.authority,
      amount: amountOut,
      height,
      checked: checks ? given : undefined,
    }),
  ];
}

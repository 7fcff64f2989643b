import { programId } from "@slipstream/solana";
import { type Token, toTokens } from "../../market/tokens.ts";
import type { ExecutedSwap, Pass } from "../chain/transaction.ts";
import { type PoolAccounts, tokenIn, tokenOut } from "../pools/pool.ts";
import type { TokenBalanceAnswer } from "./answer.ts";
import type { Keys } from "./keys.ts";
import { vaults } from "./swap-instruction.ts";
import { tokenAccount } from "./token-account.ts";

/** What a swap moved between a pool and a trader. */
export interface Move extends Pick<ExecutedSwap, "buy" | "amountIn" | "amountOut" | "before"> {
  readonly pool: PoolAccounts;
}

export interface TokenBalances {
  readonly preTokenBalances: readonly TokenBalanceAnswer[];
  readonly postTokenBalances: readonly TokenBalanceAnswer[];
}

interface Balance {
  readonly token: Token;
  readonly owner: string;
  before: bigint;
  after: bigint;
}

/**
 * Token balances before and after one owner's swaps, for the vaults and for the owner's accounts, and for both accounts of what is
 * passed on.
 */
export function tokenBalances(owner: string, moves: readonly Move[], keys: Keys, pass?: Pass): TokenBalances {
  const balances = new Map<string, Balance>();
  const of = (account: string, token: Token, whose: string, before: bigint): Balance => {
    const balance = balances.get(account) ?? { token, owner: whose, before, after: before };
    balances.set(account, balance);
    return balance;
  };
  for (const { pool, buy, amountIn, amountOut, before } of moves) {
    const [vaultIn, vaultOut] = vaults(pool, buy);
    const [heldIn, heldOut] = buy ? [before.quote, before.base] : [before.base, before.quote];
    const [taken, given] = [tokenIn(pool, buy), tokenOut(pool, buy)];
    of(vaultIn, taken, pool.authority, heldIn).after += amountIn;
    of(vaultOut, given, pool.authority, heldOut).after -= amountOut;
    const paid = of(tokenAccount(owner, taken.mint), taken, owner, 0n);
    // What the trader did not receive from an earlier swap was in the account before.
    if (paid.after < amountIn) {
      paid.before += amountIn - paid.after;
      paid.after = amountIn;
    }
    paid.after -= amountIn;
    of(tokenAccount(owner, given.mint), given, owner, 0n).after += amountOut;
  }
  if (pass !== undefined) {
    const { token, from, to, amount } = pass;
    of(tokenAccount(from, token.mint), token, from, amount).after -= amount;
    of(tokenAccount(to, token.mint), token, to, 0n).after += amount;
  }
  const side = (when: "before" | "after"): TokenBalanceAnswer[] =>
    [...balances].map(([account, balance]) => answer(keys.indexOf(account), balance, balance[when]));
  return { preTokenBalances: side("before"), postTokenBalances: side("after") };
}

function answer(accountIndex: number, { token, owner }: Balance, amount: bigint): TokenBalanceAnswer {
  const uiAmount = toTokens(token, amount);
  return {
    accountIndex,
    mint: token.mint,
    owner,
    programId: programId.token,
    uiTokenAmount: {
      amount: String(amount),
      decimals: token.decimals,
      uiAmount,
      uiAmountString: String(uiAmount),
    },
  };
}

import type { Instruction, TokenTransfer } from "@slipstream/solana";
import type { RoutedSwap, SwapInstruction, UnreadableSwap } from "./swap-decoder.ts";

/** Accounts before the pools: payer, input_token_account, input_token_mint, two token programs, memo. */
const named = 6;
/** Versions that emit events also list the event authority and the program. */
const namedWithEvents = 8;
/**
 * Accounts per pool: amm_config, pool_state, output_token_account, input_vault, output_vault,
 * output_token_mint, observation_state.
 */
const perPool = 7;

/**
 * The pools of `swap_router_base_in`, in order. Each pool's accounts are followed by as many tick arrays as
 * it needs, so only the token transfers show where the next pool begins: the output of one pool is paid into
 * the next one's vault.
 * Source: raydium-io/raydium-clmm, programs/amm/src/instructions/swap_router_base_in.rs.
 */
export function clmmRoute({ accounts, program }: Instruction): RoutedSwap | UnreadableSwap {
  const first = accounts[namedWithEvents - 1] === program ? namedWithEvents : named;
  const pool = accounts[first + 1];
  if (pool === undefined || accounts.length < first + perPool) {
    return {
      pool: pool ?? null,
      reason: `swap_router_base_in needs at least ${first + perPool} accounts, this instruction has ${accounts.length}`,
    };
  }
  return { pool, route: (transfers) => poolsOf(accounts, first, transfers) };
}

function poolsOf(
  accounts: readonly string[],
  first: number,
  transfers: readonly TokenTransfer[],
): SwapInstruction[] | string {
  const pools: SwapInstruction[] = [];
  let source = accounts[1];
  for (let at = first; at + perPool <= accounts.length; ) {
    const [, pool, target, vaultIn, vaultOut] = accounts.slice(at);
    const takes = transfers.some(({ from, to }) => from === source && to === vaultIn);
    const gives = transfers.some(({ from, to }) => from === vaultOut && to === target);
    if (pool !== undefined && vaultIn !== undefined && vaultOut !== undefined && takes && gives) {
      pools.push({ pool, vaults: [vaultIn, vaultOut] });
      source = target;
      at += perPool;
    } else if (pools.length === 0) break;
    else at++;
  }
  return pools.length > 0 && transfers.length === 2 * pools.length
    ? pools
    : "swap_router_base_in does not have exactly one token transfer into and one out of each pool";
}

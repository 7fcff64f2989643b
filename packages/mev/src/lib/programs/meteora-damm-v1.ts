import { anchorDecoder } from "./anchor.ts";
import type { SwapDecoder } from "./swap-decoder.ts";

const hops = [{ pool: 0, vaults: [5, 6] }] as const;

/**
 * Meteora's first AMM ("DAMM v1", dynamic-amm). Accounts: pool, two user accounts, a_vault, b_vault,
 * a_token_vault, b_token_vault. The tokens are in vaults shared by several pools; the pool holds shares of
 * them. The user pays the protocol fee outside the pool.
 * Source: mercurial-finance/mercurial-dynamic-amm-sdk, the program's IDL (amm), `swap`.
 */
export const meteoraDammV1: SwapDecoder = anchorDecoder({
  program: "Eo7WjKq67rjJQSZxS6z3YkapzY3eMj6Xy8X5EQVn5UaB",
  protocol: "MeteoraDAMMv1",
  feesBeside: true,
  sharedVaults: true,
  swaps: [{ name: "swap", discriminator: 0xf8c69e91e17587c8n, hops }],
});

import { anchorDecoder } from "./anchor.ts";
import type { SwapDecoder } from "./swap-decoder.ts";

const hops = [{ pool: 2, vaults: [5, 6] }] as const;

/**
 * Meteora's dynamic bonding curves ("DBC"). Accounts: pool_authority, config, pool, the trader's two accounts, base_vault,
 * quote_vault.
 * Source: MeteoraAg/dynamic-bonding-curve, instructions/ix_swap.rs.
 */
export const meteoraDbc: SwapDecoder = anchorDecoder({
  program: "dbcij3LWUppWqq96dh6gJWwBifmcGfLSB5D4DuSMaqN",
  protocol: "MeteoraDBC",
  swaps: [
    { name: "swap", discriminator: 0xf8c69e91e17587c8n, hops },
    { name: "swap2", discriminator: 0x414b3f4ceb5b5b88n, hops },
  ],
  feesBeside: true,
  virtual: true,
});

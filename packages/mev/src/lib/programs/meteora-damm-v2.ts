import { anchorDecoder } from "./anchor.ts";
import type { SwapDecoder } from "./swap-decoder.ts";

const hops = [{ pool: 1, vaults: [4, 5] }] as const;

/**
 * Meteora's second AMM ("DAMM v2", cp_amm). Accounts: pool_authority, pool, two trader accounts,
 * token_a_vault, token_b_vault.
 * Source: MeteoraAg/damm-v2-sdk, src/idl/cp_amm.json.
 */
export const meteoraDammV2: SwapDecoder = anchorDecoder({
  program: "cpamdpZCGKUy5JxQXB4dcpGPiikHawvSWAd6mEn1sGG",
  protocol: "MeteoraDAMMv2",
  swaps: [
    { name: "swap", discriminator: 0xf8c69e91e17587c8n, hops },
    { name: "swap2", discriminator: 0x414b3f4ceb5b5b88n, hops },
  ],
});

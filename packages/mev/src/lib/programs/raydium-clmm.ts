import { anchorDecoder } from "./anchor.ts";
import { clmmRoute } from "./raydium-clmm-route.ts";
import type { SwapDecoder } from "./swap-decoder.ts";

const hops = [{ pool: 2, vaults: [5, 6] }] as const;

/**
 * Raydium's concentrated liquidity. Accounts: payer, amm_config, pool_state, two trader accounts,
 * input_vault, output_vault.
 * Source: raydium-io/raydium-idl, raydium_clmm/amm_v3.json.
 */
export const raydiumClmm: SwapDecoder = anchorDecoder({
  program: "CAMMCzo5YL8w4VFF8KVHrK22GGUsp5VTaW7grrKgrWqK",
  protocol: "RaydiumCLMM",
  swaps: [
    { name: "swap", discriminator: 0xf8c69e91e17587c8n, hops },
    { name: "swap_v2", discriminator: 0x2b04ed0b1ac91e62n, hops },
    { name: "swap_router_base_in", discriminator: 0x457d73daf5baf2c4n, hops: clmmRoute },
  ],
});

import { anchorDecoder } from "./anchor.ts";
import type { SwapDecoder } from "./swap-decoder.ts";

const hops = [{ pool: 3, vaults: [6, 7] }] as const;

/**
 * Raydium's constant-product pools ("CPMM", raydium-cp-swap). Accounts: payer, authority, amm_config,
 * pool_state, two trader accounts, input_vault, output_vault.
 * Source: raydium-io/raydium-idl, raydium_cpmm/raydium_cp_swap.json.
 */
export const raydiumCpmm: SwapDecoder = anchorDecoder({
  program: "CPMMoo8L3F4NbTegBCKVNunggL7H1ZpdTHKxQB5qKP1C",
  protocol: "RaydiumCPMM",
  swaps: [
    { name: "swap_base_input", discriminator: 0x8fbe5adac41e33den, hops },
    { name: "swap_base_output", discriminator: 0x37d96256a34ab4adn, hops },
  ],
});

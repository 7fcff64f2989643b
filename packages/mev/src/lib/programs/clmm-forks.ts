import { anchorDecoder } from "./anchor.ts";
import type { SwapDecoder } from "./swap-decoder.ts";

const hops = [{ pool: 2, vaults: [5, 6] }] as const;

/** Forks of Raydium's concentrated liquidity list the accounts that it lists. */
const swaps = [
  { name: "swap", discriminator: 0xf8c69e91e17587c8n, hops },
  { name: "swap_v2", discriminator: 0x2b04ed0b1ac91e62n, hops },
] as const;

/** Source: okxlabs/DEX-Router-Solana-V1, adapters/pancake_swap_v3.rs. */
export const pancakeSwap: SwapDecoder = anchorDecoder({
  program: "HpNfyc2Saw7RKkQd8nEL4khUcuPhQ7WwY1B2qjx8jxFq",
  protocol: "PancakeSwapCLMM",
  swaps,
});

/** Source: okxlabs/DEX-Router-Solana-V1, adapters/byreal_clmm.rs. */
export const byreal: SwapDecoder = anchorDecoder({
  program: "REALQqNEomY6cQGZJUGwywTBD2UmDT32rZcNnfxQ5N2",
  protocol: "ByrealCLMM",
  swaps,
});

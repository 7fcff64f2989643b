import { anchorDecoder } from "./anchor.ts";
import type { SwapDecoder } from "./swap-decoder.ts";

const hops = [{ pool: 0, vaults: [2, 3] }] as const;

/**
 * Meteora's liquidity bins ("DLMM", lb_clmm). Accounts: lb_pair, bin_array_bitmap_extension, reserve_x,
 * reserve_y.
 * Source: MeteoraAg/dlmm-sdk, idls/dlmm.json.
 */
export const meteoraDlmm: SwapDecoder = anchorDecoder({
  program: "LBUZKhRxPF3XUpBCjp4YzTKgLccjZhTSDM9YuVaPwxo",
  protocol: "MeteoraDLMM",
  swaps: [
    { name: "swap", discriminator: 0xf8c69e91e17587c8n, hops },
    { name: "swap2", discriminator: 0x414b3f4ceb5b5b88n, hops },
    { name: "swap_exact_out", discriminator: 0xfa49652126cf4bb8n, hops },
    { name: "swap_exact_out2", discriminator: 0x2bd7f784893cf351n, hops },
    { name: "swap_with_price_impact", discriminator: 0x38ade6d0ade49ccdn, hops },
    { name: "swap_with_price_impact2", discriminator: 0x4a62c0d6b1334b33n, hops },
  ],
});

import { anchorDecoder } from "./anchor.ts";
import type { SwapDecoder } from "./swap-decoder.ts";

/**
 * Orca's concentrated liquidity. The two-hop instructions swap in two pools.
 * Source: orca-so/whirlpools, programs/whirlpool/src/instructions: swap.rs, two_hop_swap.rs, v2/swap.rs,
 * v2/two_hop_swap.rs.
 */
export const orcaWhirlpool: SwapDecoder = anchorDecoder({
  program: "whirLbMiicVdio4qvUfM5KAg6Ct8VwpYzGff3uctyCc",
  protocol: "OrcaWhirlpool",
  swaps: [
    { name: "swap", discriminator: 0xf8c69e91e17587c8n, hops: [{ pool: 2, vaults: [4, 6] }] },
    { name: "swap_v2", discriminator: 0x2b04ed0b1ac91e62n, hops: [{ pool: 4, vaults: [8, 10] }] },
    {
      name: "two_hop_swap",
      discriminator: 0xc360ed6c44a2dbe6n,
      hops: [
        { pool: 2, vaults: [5, 7] },
        { pool: 3, vaults: [9, 11] },
      ],
    },
    {
      name: "two_hop_swap_v2",
      discriminator: 0xba8fd11dfe02c275n,
      hops: [
        { pool: 0, vaults: [9, 10] },
        { pool: 1, vaults: [11, 12] },
      ],
    },
  ],
});

import { anchorDecoder } from "./anchor.ts";
import type { SwapDecoder } from "./swap-decoder.ts";

const hops = [{ pool: 4, vaults: [7, 8] }] as const;

/**
 * Raydium's bonding curves ("LaunchLab"). Accounts: payer, authority, global_config, platform_config, pool_state, the
 * trader's base and quote accounts, base_vault, quote_vault.
 * Source: raydium-io/raydium-idl, raydium_launchpad/raydium_launchpad.json.
 */
export const raydiumLaunchLab: SwapDecoder = anchorDecoder({
  program: "LanMV9sAd7wArD4vJFi2qDdfnVhFxYSUg6eADduJ3uj",
  protocol: "RaydiumLaunchLab",
  swaps: [
    { name: "buy_exact_in", discriminator: 0xfaea0d7bd59c13ecn, hops },
    { name: "buy_exact_out", discriminator: 0x18d3742869039938n, hops },
    { name: "sell_exact_in", discriminator: 0x9527de9bd37c981an, hops },
    { name: "sell_exact_out", discriminator: 0x5fc8472208090ba6n, hops },
  ],
  feesBeside: true,
  virtual: true,
});

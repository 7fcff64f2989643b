import { anchorDecoder } from "./anchor.ts";
import type { SwapDecoder } from "./swap-decoder.ts";

const hops = [{ pool: 0, vaults: [7, 8] }] as const;

/**
 * Pump's AMM ("PumpSwap"). Accounts: pool, user, global_config, two mints, two user accounts,
 * pool_base_token_account, pool_quote_token_account. Protocol and creator fees are paid from the user's quote
 * account when buying, and from the pool's when selling.
 * Source: pump-fun/pump-public-docs, idl/pump_amm.json.
 */
export const pumpAmm: SwapDecoder = anchorDecoder({
  program: "pAMMBay6oceH9fJKBRHGP5D4bD4sWpmSwMn52FMfXEA",
  protocol: "PumpAMM",
  feesBeside: true,
  swaps: [
    { name: "buy", discriminator: 0x66063d1201daebean, hops },
    { name: "buy_exact_quote_in", discriminator: 0xc62e1552b4d9e870n, hops },
    { name: "sell", discriminator: 0x33e685a4017f83adn, hops },
  ],
});

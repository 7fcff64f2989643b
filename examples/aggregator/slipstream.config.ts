// #region readme
import { defineConfig } from "@slipstream/cli";

export default defineConfig({ capitalUsd: 250_000, slippageToleranceBps: 50 });
// #endregion

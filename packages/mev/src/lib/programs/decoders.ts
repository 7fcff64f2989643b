import { byreal, pancakeSwap } from "./clmm-forks.ts";
import { marketMakers } from "./market-makers.ts";
import { meteoraDammV1 } from "./meteora-damm-v1.ts";
import { meteoraDammV2 } from "./meteora-damm-v2.ts";
import { meteoraDbc } from "./meteora-dbc.ts";
import { meteoraDlmm } from "./meteora-dlmm.ts";
import { moonshot } from "./moonshot.ts";
import { openBookV2 } from "./openbook-v2.ts";
import { orcaWhirlpool } from "./orca-whirlpool.ts";
import { phoenix } from "./phoenix.ts";
import { pumpAmm } from "./pump-amm.ts";
import { pumpFun } from "./pump-fun.ts";
import { raydiumClmm } from "./raydium-clmm.ts";
import { raydiumCpmm } from "./raydium-cpmm.ts";
import { raydiumLaunchLab } from "./raydium-launchlab.ts";
import { raydiumV4 } from "./raydium-v4.ts";
import type { SwapDecoder } from "./swap-decoder.ts";

/** The programs whose swaps can be decoded. */
export const swapDecoders: readonly SwapDecoder[] = [
  raydiumV4,
  raydiumCpmm,
  raydiumClmm,
  raydiumLaunchLab,
  orcaWhirlpool,
  pumpAmm,
  pumpFun,
  meteoraDlmm,
  meteoraDammV2,
  meteoraDammV1,
  meteoraDbc,
  pancakeSwap,
  byreal,
  moonshot,
  phoenix,
  openBookV2,
  ...marketMakers,
];

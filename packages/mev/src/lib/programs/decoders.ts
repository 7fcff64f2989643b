import { raydiumV4 } from "./raydium-v4.ts";
import type { SwapDecoder } from "./swap-decoder.ts";

/** The programs whose swaps are decoded, by program id. */
export const swapDecoders: ReadonlyMap<string, SwapDecoder> = new Map(
  [raydiumV4].map((decoder) => [decoder.program, decoder]),
);

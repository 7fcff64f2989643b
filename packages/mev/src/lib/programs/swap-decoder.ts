import type { Instruction } from "../block/model.ts";

/** What a program's swap instruction says by itself; the amounts come from what the vaults gave and took. */
export interface SwapInstruction {
  readonly pool: string;
  /** The pool's two token accounts. */
  readonly vaults: readonly [string, string];
}

/** A swap that cannot be read, and why. */
export interface UnreadableSwap {
  readonly pool: string | null;
  readonly reason: string;
}

/** The swaps of an instruction, in the order they run: none, one, or several where it goes over several pools. */
export type Recognised = readonly (SwapInstruction | UnreadableSwap)[];

/** A program whose swaps can be read. A new one is one file with this and one line in the list of decoders. */
export interface SwapDecoder {
  readonly program: string;
  /** Name in swap events. */
  readonly protocol: string;
  recognise(instruction: Instruction): Recognised;
}

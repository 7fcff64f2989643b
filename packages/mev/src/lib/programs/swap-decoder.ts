import type { Instruction } from "../block/model.ts";

/** What a program's swap instruction says by itself; the amounts come from what the vaults gave and took. */
export interface SwapInstruction {
  readonly pool: string;
  /** The pool's two token accounts. */
  readonly vaults: readonly [string, string];
}

/** What an instruction is to a decoder: a swap, something else (undefined), or a swap it cannot read, with the reason. */
export type Recognised =
  | SwapInstruction
  | { readonly pool: string | null; readonly reason: string }
  | undefined;

/** A program whose swaps can be read. A new one is one file with this and one line in the list of decoders. */
export interface SwapDecoder {
  readonly program: string;
  /** Name in swap events. */
  readonly protocol: string;
  recognise(instruction: Instruction): Recognised;
}

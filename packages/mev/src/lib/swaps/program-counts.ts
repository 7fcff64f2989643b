import { type BlockTransaction, isInfrastructure, programName } from "@slipstream/solana";
import type { SwapDecoder } from "../programs/swap-decoder.ts";
import type { SwapPlace } from "./swap.ts";

/** What a decoded program's instructions in a block were. */
export interface DecodedProgram {
  readonly program: string;
  readonly protocol: string;
  readonly swaps: number;
  /** Transactions that contain the swaps. */
  readonly transactions: number;
  /** Swaps that happened but cannot be read. */
  readonly undecoded: number;
  /** Swaps by unknown instructions, seen in what they moved. */
  readonly unread: number;
  /** Swaps of failed transactions. */
  readonly attempted: number;
  /** Instructions that are not swaps, as far as is known: liquidity, fees, the program's own events. */
  readonly otherInstructions: number;
}

export interface UndecodedProgram {
  readonly program: string;
  /** The program's common name, if it has one. */
  readonly name: string | undefined;
  readonly instructions: number;
  /** Swaps seen in what its instructions moved. */
  readonly unread: number;
}

interface DecodedSwaps {
  readonly swaps: readonly SwapPlace[];
  readonly undecoded: readonly SwapPlace[];
  readonly attempted: readonly SwapPlace[];
  readonly unread: readonly { readonly program: string }[];
}

/** A program in a block. */
interface ProgramUse {
  readonly decoder: SwapDecoder | undefined;
  /** Whether it may swap, and no decoder knows it. */
  readonly isUnknown: boolean;
  instructions: number;
  /** Those of them that hold swaps. */
  swaps: number;
}

/** Counts a block's instructions by program, so that nothing is silently left out. */
export class ProgramCounts {
  readonly #decoders: ReadonlyMap<string, SwapDecoder>;
  readonly #uses = new Map<string, ProgramUse>();

  constructor(decoders: ReadonlyMap<string, SwapDecoder>) {
    this.#decoders = decoders;
  }

  /** Counts an instruction of the program. */
  add(program: string): Pick<ProgramUse, "decoder" | "isUnknown"> {
    const use = this.#useOf(program);
    use.instructions++;
    return use;
  }

  /** @param positions of the transaction's instructions that hold swaps */
  addSwaps({ instructions }: BlockTransaction, positions: Iterable<number>): void {
    for (const position of positions) {
      const instruction = instructions[position];
      if (instruction !== undefined) this.#useOf(instruction.program).swaps++;
    }
  }

  #useOf(program: string): ProgramUse {
    const known = this.#uses.get(program);
    if (known !== undefined) return known;
    const decoder = this.#decoders.get(program);
    const isUnknown = decoder === undefined && !isInfrastructure(program);
    const use = { decoder, isUnknown, instructions: 0, swaps: 0 };
    this.#uses.set(program, use);
    return use;
  }

  decoded({ swaps, undecoded, attempted, unread }: DecodedSwaps): DecodedProgram[] {
    const of = (list: readonly SwapPlace[], protocol: string): SwapPlace[] =>
      list.filter((place) => place.protocol === protocol);
    return [...this.#uses]
      .flatMap(([program, use]) => {
        if (use.decoder === undefined) return [];
        const { protocol } = use.decoder;
        const own = of(swaps, protocol);
        return {
          program,
          protocol,
          swaps: own.length,
          transactions: new Set(own.map(({ signature }) => signature)).size,
          undecoded: of(undecoded, protocol).length,
          unread: countOf(unread, program),
          attempted: of(attempted, protocol).length,
          otherInstructions: use.instructions - use.swaps,
        };
      })
      .sort((a, b) => b.swaps - a.swaps || (a.program < b.program ? -1 : 1));
  }

  /** Those that swapped first. What was not recorded at all counts as one more. */
  unknown(unread: DecodedSwaps["unread"]): UndecodedProgram[] {
    const unrecorded = countOf(unread, "");
    const name = "transactions without their instructions";
    const other = unrecorded === 0 ? [] : [{ program: "", name, instructions: 0, unread: unrecorded }];
    return [...this.#uses]
      .filter(([, { isUnknown }]) => isUnknown)
      .map(([program, { instructions }]) => ({
        program,
        name: programName(program),
        instructions,
        unread: countOf(unread, program),
      }))
      .concat(other)
      .sort(
        (a, b) => b.unread - a.unread || b.instructions - a.instructions || (a.program < b.program ? -1 : 1),
      );
  }
}

function countOf(unread: DecodedSwaps["unread"], program: string): number {
  return unread.reduce((count, one) => count + (one.program === program ? 1 : 0), 0);
}

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

/** Counts a block's instructions by program, so that nothing is silently left out. */
export class ProgramCounts {
  readonly #decoders: ReadonlyMap<string, SwapDecoder>;
  readonly #unknown = new Map<string, number>();
  readonly #others = new Map<string, number>();

  constructor(decoders: ReadonlyMap<string, SwapDecoder>) {
    this.#decoders = decoders;
  }

  /** @param swaps Positions of the instructions that are swaps. */
  addInstructions({ instructions }: BlockTransaction, swaps: ReadonlySet<number>): void {
    for (const [position, { program }] of instructions.entries()) {
      if (isInfrastructure(program)) continue;
      const decoder = this.#decoders.get(program);
      if (decoder === undefined) add(this.#unknown, program);
      else add(this.#others, decoder.protocol, swaps.has(position) ? 0 : 1);
    }
  }

  decoded({ swaps, undecoded, attempted, unread }: DecodedSwaps): DecodedProgram[] {
    const of = (list: readonly SwapPlace[], protocol: string): SwapPlace[] =>
      list.filter((place) => place.protocol === protocol);
    return [...this.#decoders.values()]
      .filter(({ protocol }) => this.#others.has(protocol))
      .map(({ program, protocol }) => ({
        program,
        protocol,
        swaps: of(swaps, protocol).length,
        transactions: new Set(of(swaps, protocol).map(({ signature }) => signature)).size,
        undecoded: of(undecoded, protocol).length,
        unread: countOf(unread, program),
        attempted: of(attempted, protocol).length,
        otherInstructions: this.#others.get(protocol) ?? 0,
      }))
      .sort((a, b) => b.swaps - a.swaps || (a.program < b.program ? -1 : 1));
  }

  /** Those that swapped first. */
  unknown(unread: DecodedSwaps["unread"]): UndecodedProgram[] {
    return [...this.#unknown]
      .map(([program, instructions]) => ({
        program,
        name: programName(program),
        instructions,
        unread: countOf(unread, program),
      }))
      .sort(
        (a, b) => b.unread - a.unread || b.instructions - a.instructions || (a.program < b.program ? -1 : 1),
      );
  }
}

function countOf(unread: DecodedSwaps["unread"], program: string): number {
  return unread.reduce((count, one) => count + (one.program === program ? 1 : 0), 0);
}

function add(counts: Map<string, number>, key: string, count = 1): void {
  counts.set(key, (counts.get(key) ?? 0) + count);
}

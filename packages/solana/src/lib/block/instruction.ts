import type { Instruction } from "./model.ts";

/** Where an instruction stands in a transaction. */
export interface InstructionPlace {
  /** Path of the transaction. */
  readonly transaction: string;
  /** Number of the top-level instruction that led to it, or that it is. */
  readonly top: number;
  /** List of inner instructions that it is in; -1 if it is top-level. */
  readonly list: number;
  /** Position in this list. */
  readonly position: number;
  /** Number of inner instructions that the top-level one ran before it. */
  readonly before: number;
}

/** An instruction whose place and label are made only if somebody asks: a block has thousands, and few are asked. */
export class ReadInstruction implements Instruction {
  readonly program: string;
  readonly topProgram: string;
  readonly accounts: readonly string[];
  readonly data: string;
  readonly depth: number | undefined;
  readonly isInner: boolean;
  readonly #place: InstructionPlace;

  constructor(
    place: InstructionPlace,
    program: string,
    topProgram: string,
    accounts: readonly string[],
    data: string,
    depth: number | undefined,
  ) {
    this.#place = place;
    this.program = program;
    this.topProgram = topProgram;
    this.accounts = accounts;
    this.data = data;
    this.depth = depth;
    this.isInner = place.list >= 0;
  }

  get place(): string {
    return pathOf(this.#place);
  }

  get label(): string {
    const { top, list, before } = this.#place;
    return list < 0 ? String(top) : `${top}.${before}`;
  }
}

/** The path of the instruction in the answer. */
export function pathOf({ transaction, top, list, position }: InstructionPlace): string {
  return list < 0
    ? `${transaction}.transaction.message.instructions[${top}]`
    : `${transaction}.meta.innerInstructions[${list}].instructions[${position}]`;
}

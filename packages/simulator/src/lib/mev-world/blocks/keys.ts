import { encodeBase58 } from "@slipstream/solana";
import type { InstructionAnswer, LookupAnswer } from "./answer.ts";
import type { PlainInstruction } from "./instruction.ts";

/** A transaction's accounts: its own first, then those from lookup tables, writable before read-only. */
export class Keys {
  readonly own: readonly string[];
  readonly writable: readonly string[];
  readonly readonly: readonly string[];
  readonly #indexes: ReadonlyMap<string, number>;

  /**
   * @param isLoaded Whether and how an account is loaded from a lookup table. Programs called at the top
   * level never are.
   */
  constructor(
    signer: string,
    instructions: readonly PlainInstruction[],
    isLoaded: (account: string) => "writable" | "readonly" | undefined,
  ) {
    const programs = new Set(instructions.map(({ program }) => program));
    const all = new Set([signer, ...instructions.flatMap(({ accounts }) => accounts), ...programs]);
    const kinds = { own: [] as string[], writable: [] as string[], readonly: [] as string[] };
    for (const account of all) {
      const kind = account === signer || programs.has(account) ? undefined : isLoaded(account);
      kinds[kind ?? "own"].push(account);
    }
    this.own = kinds.own;
    this.writable = kinds.writable;
    this.readonly = kinds.readonly;
    const order = [...this.own, ...this.writable, ...this.readonly];
    this.#indexes = new Map(order.map((account, index) => [account, index]));
  }

  get count(): number {
    return this.#indexes.size;
  }

  indexOf(account: string): number {
    const index = this.#indexes.get(account);
    if (index === undefined) throw new RangeError(`the transaction has no account ${account}`);
    return index;
  }

  instruction({ program, accounts, data, height }: PlainInstruction): InstructionAnswer {
    return {
      programIdIndex: this.indexOf(program),
      accounts: accounts.map((account) => this.indexOf(account)),
      data: encodeBase58(data),
      stackHeight: height,
    };
  }

  /** The positions of the loaded accounts in a table. */
  lookup(table: string): LookupAnswer {
    const after = this.writable.length;
    return {
      accountKey: table,
      writableIndexes: this.writable.map((_, index) => index),
      readonlyIndexes: this.readonly.map((_, index) => after + index),
    };
  }
}

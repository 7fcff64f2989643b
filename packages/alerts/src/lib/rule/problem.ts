/** Something wrong in the rules that somebody wrote. */
export interface RuleProblem {
  /** "rules[3].for" */
  readonly place: string;
  /** The same, from the list of rules on: `[3, "for"]`. Empty: the list itself. */
  readonly path: readonly (string | number)[];
  /** In a condition: where in its text, 1 is the first character. */
  readonly column: number | null;
  /** A phrase: what is wrong. */
  readonly message: string;
  /** What is allowed. */
  readonly allowed: string | null;
  /** What was probably meant. */
  readonly suggestion: string | null;
}

export interface ProblemDetails {
  readonly message: string;
  readonly allowed?: string | undefined;
  readonly suggestion?: string | undefined;
  readonly column?: number | undefined;
}

/** Collects problems. */
export class Problems {
  readonly all: RuleProblem[] = [];
  readonly #list: string;

  /** @param list what the list of rules is called: "rules" */
  constructor(list: string) {
    this.#list = list;
  }

  add(path: readonly (string | number)[], details: ProblemDetails): void {
    const { message, allowed = null, suggestion = null, column = null } = details;
    const place =
      this.#list + path.map((part) => (typeof part === "number" ? `[${part}]` : `.${part}`)).join("");
    this.all.push({ place, path, column, message, allowed, suggestion });
  }
}

/** In one line: the place, what is wrong, what was probably meant, what is allowed. */
export function problemText({ place, column, message, suggestion, allowed }: RuleProblem): string {
  const where = column === null ? place : `${place}, column ${column}`;
  const hint = suggestion === null ? "" : `; did you mean ${suggestion}?`;
  const end = allowed === null ? "" : `${hint === "" ? ";" : ""} allowed: ${allowed}`;
  return `${where}: ${message}${hint}${end}`;
}

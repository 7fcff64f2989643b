import type { Session } from "./session.ts";

/** What is done with an example of a page. `example` is its text there. */
export type Step = Run | Install | Start | Given | Code | Output | Elsewhere | NotRun;

/** A command that ends. */
export interface Run {
  readonly run: string;
  /** What is run instead, if the example has a placeholder. */
  readonly as?: string | ((session: Session) => Promise<string>);
  /** What it prints. */
  readonly expect: RegExp;
  /** Default 0. */
  readonly exit?: number;
  /** It may print that only some seconds later: it is run again until it does. */
  readonly later?: true;
}

/** An `npm install` of packages that the project has: their names are checked. */
export interface Install {
  readonly install: string;
}

/** A command that runs on, until the next one is started or the page ends. */
export interface Start {
  readonly start: string;
  readonly as?: string;
  /** What it prints when it is ready. */
  readonly until: RegExp;
  /** Where it is run; default the page's folder. */
  readonly cwd?: string;
}

/** A command that is not on the page: what its examples need. */
export interface Given {
  readonly given: string;
  /** For one that runs on: what it prints when it is ready. */
  readonly until?: RegExp;
}

/** A block of TypeScript or YAML: its first line. TypeScript is run as a program. */
export interface Code {
  readonly code: string;
  /** What it prints. */
  readonly expect: RegExp;
  /** The file that it is written to, if that is not just any program: then `node` runs nothing, and the next step uses it. */
  readonly file?: string;
  /** More that must hold then. */
  readonly after?: (session: Session) => Promise<void>;
}

/** A whole block that shows what the command before prints. Both must match. */
export interface Output {
  readonly output: RegExp;
}

/** Another check of `.ci/run` runs it: `text` must be in that `file`. */
export interface Elsewhere {
  readonly elsewhere: string;
  readonly file: string;
  readonly text: string;
}

/** A command, or the first line of a whole block if `block` is set, that cannot be run here. */
export interface NotRun {
  readonly notRun: string;
  readonly why: string;
  readonly block?: true;
}

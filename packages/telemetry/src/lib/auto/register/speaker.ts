import { writeLine } from "../../write-line.ts";

/** Says what the service's owner should know, and keeps errors away from the service. */
export interface Speaker {
  /** Writes one line to stderr. Never throws. */
  say(line: string): void;
  /** `fn`, whose errors are never thrown: it answers undefined then, and the first error of `what` ("A query", in the singular) is said. */
  guard<A extends readonly unknown[], R>(what: string, fn: (...args: A) => R): (...args: A) => R | undefined;
}

/** @param write gets each line */
export function speaker(write: (line: string) => void = writeLine): Speaker {
  const failed = new Set<string>();
  const say = (line: string): void => {
    try {
      write(line);
    } catch {
      // There is nobody left to tell.
    }
  };
  return {
    say,
    guard:
      (what, fn) =>
      (...args) => {
        try {
          return fn(...args);
        } catch (error) {
          if (failed.has(what)) return undefined;
          failed.add(what);
          say(`${what} is not observed, because of an error in Slipstream: ${messageOf(error)}`);
          return undefined;
        }
      },
  };
}

function messageOf(error: unknown): string {
  try {
    return error instanceof Error ? error.message : String(error);
  } catch {
    return "unknown";
  }
}

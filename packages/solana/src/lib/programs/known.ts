import { programId } from "./ids.ts";
import { publicPrograms } from "./public-programs.ts";

const infrastructure: ReadonlySet<string> = new Set([
  programId.system,
  programId.vote,
  programId.stake,
  programId.computeBudget,
  programId.addressLookupTable,
  programId.token,
  programId.token2022,
  programId.associatedTokenAccount,
  programId.memo,
]);

/** Whether a program swaps nothing itself, so that it is no gap in what is decoded. */
export function isInfrastructure(program: string): boolean {
  return infrastructure.has(program);
}

/** A name that people know a program by, where there is one: for what is counted and not decoded. */
export function programName(program: string): string | undefined {
  return publicPrograms.get(program);
}

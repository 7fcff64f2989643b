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

/** Whether the program never swaps, so that not decoding it is no gap. */
export function isInfrastructure(program: string): boolean {
  return infrastructure.has(program);
}

/** The program's common name, if it has one, for programs that are counted but not decoded. */
export function programName(program: string): string | undefined {
  return publicPrograms.get(program);
}

import { publicPrograms } from "./public-programs.ts";

const infrastructure: ReadonlyMap<string, string> = new Map([
  ["11111111111111111111111111111111", "System"],
  ["Vote111111111111111111111111111111111111111", "Vote"],
  ["Stake11111111111111111111111111111111111111", "Stake"],
  ["ComputeBudget111111111111111111111111111111", "Compute Budget"],
  ["AddressLookupTab1e1111111111111111111111111", "Address Lookup Table"],
  ["TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA", "Token"],
  ["TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb", "Token-2022"],
  ["ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL", "Associated Token Account"],
  ["MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr", "Memo"],
]);

/** Whether a program swaps nothing itself, so that it is no gap in what is decoded. */
export function isInfrastructure(program: string): boolean {
  return infrastructure.has(program);
}

/** A name that people know a program by, where there is one: for what is counted and not decoded. */
export function programName(program: string): string | undefined {
  return publicPrograms.get(program);
}

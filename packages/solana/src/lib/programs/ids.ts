/** Addresses of the programs that come with every cluster, and of Jupiter's. */
export const programId = {
  system: "11111111111111111111111111111111",
  vote: "Vote111111111111111111111111111111111111111",
  stake: "Stake11111111111111111111111111111111111111",
  computeBudget: "ComputeBudget111111111111111111111111111111",
  addressLookupTable: "AddressLookupTab1e1111111111111111111111111",
  token: "TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA",
  token2022: "TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb",
  associatedTokenAccount: "ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL",
  memo: "MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr",
  jupiter: "JUP6LkbZbjS1jKKwapdHNy74zcZ3tLUZoi5QNyVTaV4",
} as const;

/** Whether the program is SPL Token or Token-2022. */
export function isTokenProgram(program: string): boolean {
  return program === programId.token || program === programId.token2022;
}

/** The mint that lamports have as tokens. */
export const wrappedSol = "So11111111111111111111111111111111111111112";

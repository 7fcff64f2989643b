import type { FailureReason } from "@slipstream/conventions";
import { field, list, whole } from "../json.ts";

/** Codes of Jupiter's program, and of no other that traders call as often: 6001 and 6017 are slippage, 6024 insufficient funds. */
const jupiterSlippage: ReadonlySet<number> = new Set([6001, 6017]);
const JUPITER_INSUFFICIENT = 6024;
/** Of the token programs: insufficient funds; of the System program: the result would be negative. */
const INSUFFICIENT = 1;
/** Raydium v4: exceeds the desired slippage. Orca Whirlpool: below the minimum, above the maximum. */
const poolSlippage: ReadonlySet<number> = new Set([30, 6036, 6037]);

/**
 * Why a transaction failed, from the error that a node gives.
 * @returns undefined if the error says that the transaction is on the chain already
 */
export function failureOf(error: unknown): FailureReason | undefined {
  if (typeof error === "string") return ofWord(error);
  const instruction = list(field(error, "InstructionError"))?.[1];
  if (instruction === undefined)
    return field(error, "InsufficientFundsForRent") === undefined ? "reverted" : "insufficient_funds";
  if (instruction === "InsufficientFunds") return "insufficient_funds";
  const code = whole(field(instruction, "Custom"));
  return code === undefined ? "reverted" : programFailure(code);
}

/** Why a transaction failed, from the code of the program that gave up. */
export function programFailure(code: number): FailureReason {
  if (code === INSUFFICIENT || code === JUPITER_INSUFFICIENT) return "insufficient_funds";
  return jupiterSlippage.has(code) || poolSlippage.has(code) ? "slippage" : "reverted";
}

function ofWord(word: string): FailureReason | undefined {
  switch (word) {
    case "AlreadyProcessed":
      return undefined;
    case "BlockhashNotFound":
      return "expired";
    case "AccountNotFound":
    case "InsufficientFundsForFee":
      return "insufficient_funds";
    case "SignatureFailure":
    case "SanitizeFailure":
      return "rejected";
    default:
      return "reverted";
  }
}

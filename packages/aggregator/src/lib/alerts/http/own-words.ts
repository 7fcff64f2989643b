import type { Outcome } from "../channels/channel.ts";
import { cleanLine } from "../text/clean.ts";
import { cut } from "../text/fit.ts";
import { withoutSecrets } from "./reason.ts";

/** What a receiver's JSON says of a message, on one short line. Secrets are hidden before it is cut: no half of one stays. */
export function ownWords(text: string, secrets: readonly string[]): string {
  return cut(cleanLine(withoutSecrets(text, secrets)), 200);
}

/** An outcome with the time that a receiver's JSON asks for, s, if it failed and the JSON asks for one. The longer one counts. */
export function afterSeconds(outcome: Outcome, seconds: unknown): Outcome {
  if (outcome.outcome !== "failed" || typeof seconds !== "number" || !(seconds >= 0)) return outcome;
  return { ...outcome, afterMs: Math.max(Math.ceil(seconds * 1_000), outcome.afterMs ?? 0) };
}

import type { Commitment } from "../facts.ts";
import { text } from "../json.ts";

const key = /^[1-9A-HJ-NP-Za-km-z]{32,44}$/;
const signatureForm = /^[1-9A-HJ-NP-Za-km-z]{64,88}$/;
/** Jito's are 64 digits in hex. */
const bundleForm = /^[0-9A-Za-z-]{16,88}$/;
const decimal = /^\d{1,39}$/;

/** An address in base58; undefined if it is none. Nothing else that stands in its place, such as a key of an API, is passed on. */
export function address(value: unknown): string | undefined {
  const found = text(value, 44);
  return found !== undefined && key.test(found) ? found : undefined;
}

export function signatureText(value: unknown): string | undefined {
  const found = text(value, 88);
  return found !== undefined && signatureForm.test(found) ? found : undefined;
}

export function bundleText(value: unknown): string | undefined {
  const found = text(value, 88);
  return found !== undefined && bundleForm.test(found) ? found : undefined;
}

/** An amount in atoms, as decimal digits. */
export function atoms(value: unknown): string | undefined {
  if (typeof value === "bigint") return value >= 0n ? atoms(String(value)) : undefined;
  if (typeof value === "number") return Number.isSafeInteger(value) && value >= 0 ? String(value) : undefined;
  return typeof value === "string" && decimal.test(value) ? value : undefined;
}

const commitments: ReadonlySet<unknown> = new Set(["processed", "confirmed", "finalized"]);

export function commitmentText(value: unknown): Commitment | undefined {
  return commitments.has(value) ? (value as Commitment) : undefined;
}

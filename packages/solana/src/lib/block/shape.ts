import { BlockError } from "./block-error.ts";

/** Unwraps the JSON-RPC envelope, if there is one. */
export function findBlock(value: unknown): { block: unknown; place: readonly PropertyKey[] } {
  if (!isObject(value)) throw new BlockError("", `expected a getBlock answer, received ${typeName(value)}`);
  if (isObject(value.error)) {
    const { code, message } = value.error;
    throw new BlockError("error", `the node returned an error instead of a block: ${code} ${message}`);
  }
  if (!("result" in value)) return { block: value, place: [] };
  if (value.result === null) {
    throw new BlockError(
      "result",
      "null: the node has no such block (skipped, not confirmed yet, or pruned)",
    );
  }
  return { block: value.result, place: ["result"] };
}

/** What to request from the node if this looks like the answer to a different request; otherwise "". */
export function hintFor(block: unknown, path: readonly PropertyKey[]): string {
  const ask =
    'call getBlock with {"encoding": "json", "transactionDetails": "full", "maxSupportedTransactionVersion": 0}';
  if (path.length < 2) return isObject(block) && "signatures" in block ? `; ${ask}` : "";
  const transaction = at(block, path.slice(0, 2));
  const keys = at(transaction, ["transaction", "message", "accountKeys", 0]);
  const encoded = Array.isArray(at(transaction, ["transaction"]));
  const accountsOnly = at(transaction, ["transaction", "accountKeys"]) !== undefined;
  return encoded || accountsOnly || isObject(keys) ? `; ${ask}` : "";
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  let current = value;
  for (const step of path) {
    if (Array.isArray(current) && typeof step === "number") current = current[step];
    else if (isObject(current) && typeof step === "string") current = current[step];
    else return undefined;
  }
  return current;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function typeName(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

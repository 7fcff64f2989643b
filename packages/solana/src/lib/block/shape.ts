import { BlockError } from "./block-error.ts";
import { NEWEST_TRANSACTION_VERSION } from "./version.ts";

const askGetBlock = `call getBlock with {"encoding": "json", "transactionDetails": "full", "maxSupportedTransactionVersion": ${NEWEST_TRANSACTION_VERSION}}`;

/** Unwraps the JSON-RPC envelope, if there is one. */
export function findBlock(value: unknown): { block: unknown; place: readonly PropertyKey[] } {
  const other = otherThanBlock(value);
  if (other !== undefined) throw new BlockError("", `expected a getBlock answer, received ${other}`);
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
  const inside = otherThanBlock(value.result);
  if (inside !== undefined) throw new BlockError("result", `expected a block, received ${inside}`);
  return { block: value.result, place: ["result"] };
}

/** What was given instead of a block, with the remedy; undefined if it is nothing known. */
function otherThanBlock(value: unknown): string | undefined {
  if (typeof value === "string") return `a string: is it encoded? ${askGetBlock}`;
  if (Array.isArray(value) && value.some((item) => isObject(item) && "jsonrpc" in item))
    return "the answers to a JSON-RPC batch: give one of them at a time";
  if (isObject(value) && "transaction" in value && "meta" in value && !("transactions" in value))
    return "a single transaction (getTransaction): call getBlock for its slot";
  return undefined;
}

/** What to request from the node if this looks like the answer to a different request; otherwise "". */
export function hintFor(block: unknown, path: readonly PropertyKey[]): string {
  if (path.length < 2) return isObject(block) && "signatures" in block ? `; ${askGetBlock}` : "";
  const transaction = at(block, path.slice(0, 2));
  const keys = at(transaction, ["transaction", "message", "accountKeys", 0]);
  const inner = at(transaction, ["transaction"]);
  const encoded = Array.isArray(inner) || typeof inner === "string";
  const accountsOnly = at(transaction, ["transaction", "accountKeys"]) !== undefined;
  return encoded || accountsOnly || isObject(keys) ? `; ${askGetBlock}` : "";
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

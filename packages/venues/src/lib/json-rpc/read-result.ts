import { failureOf } from "../chain/failure.ts";
import { address, commitmentText, signatureText } from "../chain/names.ts";
import { realised } from "../chain/realised.ts";
import type { Commitment, RefusedFact, StatusFact, TradeFact } from "../facts.ts";
import { field, isObject, list, whole } from "../json.ts";
import type { RpcCall } from "../venue-call.ts";

/** A blockhash is valid for so many blocks. */
const VALID_BLOCKS = 150;

/** What the result of a call says of trades. */
export function factsOf(call: RpcCall, result: unknown): readonly TradeFact[] {
  switch (call.method) {
    case "sendTransaction":
      return [{ kind: "accepted", signature: signatureText(result) ?? call.transaction?.signature }];
    case "getSignatureStatuses":
      return statuses(call.watched, list(field(result, "value")));
    case "getTransaction":
      return call.watched.flatMap((signature) => transactionFacts(signature, result, call.commitment));
    case "signatureSubscribe":
      return call.watched.map((signature) => ({ kind: "watching", signature, isOver: false }));
    case "getLatestBlockhash":
      return blockhashFacts(field(result, "value"));
    case "getBlockHeight":
      return heightFacts(whole(result));
    case "getEpochInfo":
      return heightFacts(whole(field(result, "blockHeight")));
    default:
      return [];
  }
}

function statuses(watched: readonly string[], values: readonly unknown[] | undefined): readonly TradeFact[] {
  if (values === undefined) return [];
  return watched.flatMap((signature, index): TradeFact[] => {
    const value = values[index];
    if (signature === "" || value === undefined) return [];
    if (value === null) return [{ kind: "missing", signature }];
    return [statusOf(signature, value, commitmentText(field(value, "confirmationStatus")))];
  });
}

/** @param value has the error, and maybe the slot */
export function statusOf(signature: string, value: unknown, commitment: Commitment | undefined): StatusFact {
  const error = field(value, "err") ?? null;
  return {
    kind: "status",
    signature,
    slot: whole(field(value, "slot")),
    commitment,
    failed: error !== null,
    reason: error === null ? undefined : (failureOf(error) ?? "other"),
  };
}

/** Of an answer to getTransaction, which nodes give for confirmed and finalized transactions only. */
function transactionFacts(
  signature: string,
  result: unknown,
  asked: string | undefined,
): readonly TradeFact[] {
  if (result === null) return [{ kind: "missing", signature }];
  const meta = field(result, "meta");
  if (!isObject(meta)) return [];
  const commitment = asked === "confirmed" ? "confirmed" : "finalized";
  const status = statusOf(signature, { err: meta.err, slot: field(result, "slot") }, commitment);
  const gained = realised(signature, result);
  return gained === undefined ? [status] : [status, gained];
}

function blockhashFacts(value: unknown): readonly TradeFact[] {
  const blockhash = address(field(value, "blockhash"));
  const lastValidHeight = whole(field(value, "lastValidBlockHeight"));
  if (blockhash === undefined || lastValidHeight === undefined) return [];
  return [
    { kind: "blockhash", blockhash, lastValidHeight },
    ...heightFacts(lastValidHeight >= VALID_BLOCKS ? lastValidHeight - VALID_BLOCKS : undefined),
  ];
}

function heightFacts(height: number | undefined): readonly TradeFact[] {
  return height === undefined ? [] : [{ kind: "height", height }];
}

/**
 * Errors after which nobody has the transaction: it was not passed on. Sources: agave, rpc-client-api/src/custom_error.rs; JSON-RPC 2.0;
 * HTTP.
 */
const certain: ReadonlySet<string> = new Set([
  ...["-32002", "-32003", "-32005", "-32013", "-32016", "-32600", "-32601", "-32602", "-32700"],
  ...["400", "401", "403", "404", "413", "429"],
]);
const PREFLIGHT_FAILED = "-32002";

/** What an error of a call says of trades. */
export function refusal(
  call: Pick<RpcCall, "method" | "transaction">,
  code: string | undefined,
  error: unknown,
): readonly TradeFact[] {
  if (call.method !== "sendTransaction" || code === undefined) return [];
  const refused: RefusedFact = { kind: "refused", isCertain: certain.has(code), reason: "rejected" };
  if (code !== PREFLIGHT_FAILED) return [refused];
  const cause = field(field(error, "data"), "err");
  const reason = cause === undefined ? "simulation" : failureOf(cause);
  // It was sent before, and is on the chain already. What became of it there is another question.
  if (reason === undefined) return [{ kind: "accepted", signature: call.transaction?.signature }];
  return [{ ...refused, reason: reason === "reverted" ? "simulation" : reason }];
}

import { commitmentText, signatureText } from "../chain/names.ts";
import { field, isObject, list, text } from "../json.ts";
import { type SentTransaction, sentTransaction } from "../transaction/sent-transaction.ts";
import type { RpcCall } from "../venue-call.ts";
import { rpcSpan, solanaMethod } from "./methods.ts";

/** Calls of one request that are looked at. Nodes take far fewer in a batch. */
const MOST_CALLS = 256;
/** Signatures that a node takes in one call of getSignatureStatuses. */
const MOST_WATCHED = 256;
const LONGEST_ID = 64;

/** A message of JSON-RPC with a method of Solana's. */
export interface RpcMessage {
  readonly method: string;
  readonly id: string | number | undefined;
  readonly params: readonly unknown[];
}

/** The calls of a body, which is one or a batch of them; none if it is something else. */
export function rpcMessages(body: unknown): readonly RpcMessage[] {
  const messages = list(body) ?? [body];
  return messages.slice(0, MOST_CALLS).flatMap((message) => {
    const method = solanaMethod(field(message, "method"));
    if (method === undefined) return [];
    return { method, id: requestId(field(message, "id")), params: list(field(message, "params")) ?? [] };
  });
}

export function rpcCall({ method, id, params }: RpcMessage): RpcCall {
  return {
    kind: "rpc",
    span: rpcSpan(method),
    method,
    id,
    commitment: commitmentOf(params),
    transaction: transactions.has(method) ? transactionOf(params) : undefined,
    watched: watchedBy(method, params),
  };
}

const transactions: ReadonlySet<string> = new Set(["sendTransaction", "simulateTransaction"]);

/** An id as it is compared; undefined if there is none. */
export function requestId(id: unknown): string | number | undefined {
  if (typeof id === "bigint") return Number(id);
  return typeof id === "number" ? id : text(id, LONGEST_ID);
}

/** The transaction of the first parameter, in the encoding that the options name; base58 if they name none. */
export function transactionOf(params: readonly unknown[]): SentTransaction | undefined {
  return sentTransaction(params[0], encodingOf(params));
}

export function encodingOf(params: readonly unknown[]): "base58" | "base64" {
  return field(params.find(isObject), "encoding") === "base64" ? "base64" : "base58";
}

/** In the last of the parameters, if that is an object. */
function commitmentOf(params: readonly unknown[]): string | undefined {
  const options = params.findLast(isObject);
  return (
    commitmentText(field(options, "commitment")) ?? commitmentText(field(options, "preflightCommitment"))
  );
}

function watchedBy(method: string, params: readonly unknown[]): readonly string[] {
  switch (method) {
    case "getSignatureStatuses":
      // A text in the place of what is no signature, so that answers keep their places.
      return (list(params[0]) ?? []).slice(0, MOST_WATCHED).map((each) => signatureText(each) ?? "");
    case "getTransaction":
    case "signatureSubscribe": {
      const signature = signatureText(params[0]);
      return signature === undefined ? [] : [signature];
    }
    default:
      return [];
  }
}

import { field, isObject, list, parsed, text } from "../json.ts";
import type { RpcCall } from "../venue-call.ts";
import { rpcSpan, solanaMethod } from "./methods.ts";

/** Calls of one request that are looked at. Nodes take far fewer in a batch. */
const MOST_CALLS = 256;
const LONGEST_ID = 64;
const commitments: ReadonlySet<unknown> = new Set(["processed", "confirmed", "finalized"]);

/** What a body says as JSON-RPC: one call, or a batch of them; none of its calls if it is something else. */
export function readRpcCalls(body: string): readonly RpcCall[] {
  if (!body.includes('"method"')) return none;
  const message = parsed(body);
  const calls = list(message) ?? [message];
  return calls.slice(0, MOST_CALLS).flatMap((call) => readCall(call) ?? none);
}

const none: readonly RpcCall[] = [];

function readCall(call: unknown): RpcCall | undefined {
  const method = solanaMethod(field(call, "method"));
  if (method === undefined) return undefined;
  return {
    kind: "rpc",
    span: rpcSpan(method),
    method,
    id: requestId(field(call, "id")),
    commitment: commitmentOf(list(field(call, "params"))),
  };
}

/** An id as it is compared; undefined if there is none. */
export function requestId(id: unknown): string | number | undefined {
  if (typeof id === "bigint") return Number(id);
  return typeof id === "number" ? id : text(id, LONGEST_ID);
}

/** In the last of the parameters, if that is an object. */
function commitmentOf(params: readonly unknown[] | undefined): string | undefined {
  const options = params?.findLast(isObject);
  const commitment = field(options, "commitment") ?? field(options, "preflightCommitment");
  return commitments.has(commitment) ? String(commitment) : undefined;
}

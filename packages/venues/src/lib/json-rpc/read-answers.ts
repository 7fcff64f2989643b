import { semconv } from "@slipstream/conventions";
import { field, isObject, list, parsed, text, whole } from "../json.ts";
import type { AttributeValues, CallOutcome, VenueAnswer } from "../venue.ts";
import type { RpcCall } from "../venue-call.ts";
import { requestId } from "./read-calls.ts";

/** A longer text is not parsed: what is looked for in it stands at its beginning. */
const LONGEST_PARSED = 262_144;
const HEAD = 512;
const LONGEST_CODE = 64;

/** What an answer says of each call. */
export function readRpcAnswers(calls: readonly RpcCall[], answer: VenueAnswer): readonly CallOutcome[] {
  const answers = answersOf(answer.body);
  const [only] = answers;
  const byId = new Map(answers.map((each) => [String(requestId(field(each, "id"))), each]));
  return calls.map((call) => {
    // The only call has the only answer, whatever its id: an error that comes before the id was read has none.
    const found = calls.length === 1 && answers.length === 1 ? only : byId.get(String(call.id));
    return outcomeOf(call, found, answer.status);
  });
}

function outcomeOf(call: RpcCall, answer: unknown, status: number | undefined): CallOutcome {
  const error = field(answer, "error");
  const hasResult = isObject(answer) && Object.hasOwn(answer, "result");
  const failed = isObject(error) || (status !== undefined && status >= 400);
  const code = isObject(error) ? codeOf(error) : failed ? String(status) : undefined;
  const slot = slotOf(answer);
  return {
    ok: failed ? false : hasResult ? true : undefined,
    errorCode: code,
    slot,
    attributes: attributesOf(call, code, slot),
  };
}

function attributesOf(call: RpcCall, code: string | undefined, slot: number | undefined): AttributeValues {
  return {
    // The first is the stable name, the second the one that many instrumentations and queries still have.
    [semconv.rpcSystemName]: "jsonrpc",
    [semconv.rpcSystem]: "jsonrpc",
    [semconv.rpcMethod]: call.method,
    ...(call.commitment === undefined ? {} : { "solana.commitment": call.commitment }),
    ...(slot === undefined ? {} : { "solana.context_slot": slot }),
    ...(code === undefined ? {} : { "rpc.response.status_code": code, [semconv.errorType]: code }),
  };
}

/** Of an error's object; "unknown" if it has none that is a number or a short text. */
function codeOf(error: unknown): string {
  const code = field(error, "code");
  if (typeof code === "number" || typeof code === "bigint") return String(code);
  return text(code, LONGEST_CODE) ?? "unknown";
}

function slotOf(answer: unknown): number | undefined {
  return whole(field(field(field(answer, "result"), "context"), "slot"));
}

/** The answers of a body, which is their value or their text. */
function answersOf(body: unknown): readonly unknown[] {
  if (typeof body !== "string") return body === undefined ? [] : (list(body) ?? [body]);
  if (body.length > LONGEST_PARSED) return headOf(body.slice(0, HEAD));
  const value = parsed(body);
  return list(value) ?? [value];
}

const resultFirst = /^\s*\{\s*(?:"jsonrpc"\s*:\s*"2\.0"\s*,\s*)?"result"\s*:/;
const contextFirst = /"result"\s*:\s*\{\s*"context"\s*:\s*\{[^{}]*"slot"\s*:\s*(\d{1,15})\b/;

/** What the beginning of a long answer says: it is the result of one call, with the node's slot. */
function headOf(head: string): readonly unknown[] {
  if (!resultFirst.test(head)) return [];
  const slot = contextFirst.exec(head)?.[1];
  return [{ result: slot === undefined ? null : { context: { slot: Number(slot) } } }];
}

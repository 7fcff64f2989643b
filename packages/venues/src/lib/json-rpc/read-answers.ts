import { semconv } from "@slipstream/conventions";
import { defined } from "../defined.ts";
import { bodyValue, field, isObject, list, text, whole } from "../json.ts";
import type { AttributeValues, CallOutcome, VenueAnswer } from "../venue.ts";
import type { RpcCall } from "../venue-call.ts";
import { requestId } from "./read-calls.ts";
import { factsOf, refusal } from "./read-result.ts";

/** Characters: what is looked for in a long answer stands at its beginning. */
const HEAD = 512;
const LONGEST_CODE = 64;

/** What an answer says of each call. */
export function readRpcAnswers(calls: readonly RpcCall[], answer: VenueAnswer): readonly CallOutcome[] {
  return matched(calls, answer.body).map((found, index) => outcomeOf(calls[index], found, answer.status));
}

/** The answer to each call, in their order; undefined if there is none. */
export function matched(
  calls: readonly { readonly id: string | number | undefined }[],
  body: unknown,
): readonly unknown[] {
  const answers = answersOf(body);
  // The only call has the only answer, whatever its id: an error that comes before the id was read has none.
  if (calls.length === 1 && answers.length === 1) return answers;
  const byId = new Map(answers.map((each) => [String(requestId(field(each, "id"))), each]));
  return calls.map(({ id }) => byId.get(String(id)));
}

/** What JSON-RPC says of one call, whatever its method. */
export interface RpcAnswer {
  readonly ok: boolean | undefined;
  readonly code: string | undefined;
  readonly error: unknown;
  readonly result: unknown;
}

/** @param status of HTTP, which counts if the answer is no JSON-RPC */
export function rpcAnswer(answer: unknown, status: number | undefined): RpcAnswer {
  const error = field(answer, "error");
  const result = field(answer, "result");
  const hasResult = isObject(answer) && Object.hasOwn(answer, "result");
  if (error !== undefined && error !== null)
    return { ok: false, code: codeOf(error), error, result: undefined };
  if (status !== undefined && status >= 400)
    return { ok: false, code: String(status), error: undefined, result: undefined };
  return { ok: hasResult ? true : undefined, code: undefined, error: undefined, result };
}

function outcomeOf(call: RpcCall | undefined, answer: unknown, status: number | undefined): CallOutcome {
  const { ok, code, error, result } = rpcAnswer(answer, status);
  const slot = whole(field(field(result, "context"), "slot"));
  const facts =
    call === undefined || ok === undefined ? [] : ok ? factsOf(call, result) : refusal(call, code, error);
  return { ok, errorCode: code, slot, attributes: attributesOf(call, code, slot), facts };
}

function attributesOf(
  call: RpcCall | undefined,
  code: string | undefined,
  slot: number | undefined,
): AttributeValues {
  return defined({
    // The first is the stable name, the second the one that many instrumentations and queries still have.
    [semconv.rpcSystemName]: "jsonrpc",
    [semconv.rpcSystem]: "jsonrpc",
    "jsonrpc.protocol.version": "2.0",
    [semconv.rpcMethod]: call?.method,
    "solana.commitment": call?.commitment,
    "solana.context_slot": slot,
    "rpc.response.status_code": code,
    [semconv.errorType]: code,
  });
}

/** Of an error's object; "unknown" if it has none that is a number or a short text. */
function codeOf(error: unknown): string {
  const code = field(error, "code");
  if (typeof code === "number" || typeof code === "bigint") return String(code);
  const word = text(code, LONGEST_CODE);
  return word !== undefined && /^[A-Za-z_]+$/.test(word) ? word : "unknown";
}

/** The answers of a body, which is their value or their text. Of a long text, the beginning counts. */
function answersOf(body: unknown): readonly unknown[] {
  const value = bodyValue(body);
  if (value === undefined) return typeof body === "string" ? headOf(body.slice(0, HEAD)) : [];
  return list(value) ?? [value];
}

const resultFirst =
  /^\s*\{\s*(?:"jsonrpc"\s*:\s*"2\.0"\s*,\s*)?(?:"id"\s*:\s*(?:\d+|"[^"\\]*")\s*,\s*)?"result"\s*:/;
const contextFirst = /"result"\s*:\s*\{\s*"context"\s*:\s*\{[^{}]*"slot"\s*:\s*(\d{1,15})\b/;

/** What the beginning of a long answer says: it is the result of one call, with the node's slot. */
function headOf(head: string): readonly unknown[] {
  if (!resultFirst.test(head)) return [];
  const slot = contextFirst.exec(head)?.[1];
  return [{ result: slot === undefined ? null : { context: { slot: Number(slot) } } }];
}

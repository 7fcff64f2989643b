import { attribute, semconv } from "@slipstream/conventions";
import { bundleText, commitmentText, signatureText } from "../chain/names.ts";
import { defined } from "../defined.ts";
import type { TradeFact } from "../facts.ts";
import { bodyValue, field, isObject, list, whole } from "../json.ts";
import { matched, rpcAnswer } from "../json-rpc/read-answers.ts";
import { refusal, statusOf } from "../json-rpc/read-result.ts";
import { tipLamports } from "../transaction/sent-transaction.ts";
import type { CallOutcome, VenueAnswer } from "../venue.ts";
import type { LandingCall } from "../venue-call.ts";

const MOST_ANSWERED = 32;
const BUNDLE_HEADER = "x-bundle-id";

/** What an answer of a landing service says of its calls. */
export function readLandingAnswers(
  calls: readonly LandingCall[],
  answer: VenueAnswer,
): readonly CallOutcome[] {
  const bodies = matched(calls, answer.body);
  return calls.map((call, index) =>
    call.method === undefined ? restOutcome(call, answer) : rpcOutcome(call, bodies[index], answer),
  );
}

function rpcOutcome(call: LandingCall, body: unknown, answer: VenueAnswer): CallOutcome {
  const { ok, code, error, result } = rpcAnswer(body, answer.status);
  const facts =
    ok === true ? resultFacts(call, result, answer) : ok === false ? refusedFacts(call, code, error) : [];
  return outcome(call, ok, code, facts);
}

function outcome(
  call: LandingCall,
  ok: boolean | undefined,
  code: string | undefined,
  facts: readonly TradeFact[],
): CallOutcome {
  const { service, operation, sent } = call;
  const tips = sent.reduce((sum, each) => sum + tipLamports(each), 0);
  const bundle = facts.flatMap((fact) => (fact.kind === "bundle" ? fact.bundleId : []))[0];
  const isSent = operation === "send_transaction" || operation === "send_bundle";
  const attributes = defined({
    "landing.service": service,
    "landing.operation": operation,
    [attribute.jitoTipLamports]: isSent && tips > 0 ? tips : undefined,
    [attribute.jitoBundleId]: bundle,
    [semconv.errorType]: code,
  });
  return { ok, errorCode: code, slot: undefined, attributes, facts };
}

function refusedFacts(call: LandingCall, code: string | undefined, error: unknown): readonly TradeFact[] {
  if (call.span === undefined) return [];
  return refusal({ method: "sendTransaction", transaction: call.sent[0] }, code, error);
}

function resultFacts(call: LandingCall, result: unknown, answer: VenueAnswer): readonly TradeFact[] {
  switch (call.operation) {
    case "send_transaction":
      return [...acceptedFacts(call), ...bundleFacts(headerOf(answer))];
    case "send_bundle":
      return [...acceptedFacts(call), ...bundleFacts(result)];
    case "bundle_status":
      return statusFacts(list(field(result, "value")) ?? []);
    default:
      return [];
  }
}

function headerOf({ header }: VenueAnswer): unknown {
  return header?.(BUNDLE_HEADER);
}

function acceptedFacts({ sent }: LandingCall): readonly TradeFact[] {
  return sent.map(({ signature }) => ({ kind: "accepted", signature }));
}

function bundleFacts(id: unknown): readonly TradeFact[] {
  const bundleId = bundleText(id);
  return bundleId === undefined ? [] : [{ kind: "bundle", bundleId }];
}

/**
 * Of getBundleStatuses, which has the transactions of what landed. An error of `{Ok: null}` is none. getInflightBundleStatuses has no
 * transactions and says nothing here: `Invalid` means that the bundle is older than five minutes, and `Failed` that Jito has given it up.
 */
function statusFacts(values: readonly unknown[]): readonly TradeFact[] {
  return values.slice(0, MOST_ANSWERED).flatMap((value) => {
    const commitment = commitmentText(
      field(value, "confirmation_status") ?? field(value, "confirmationStatus"),
    );
    const error = field(value, "err");
    const err = isObject(error) && Object.hasOwn(error, "Ok") ? null : error;
    return (list(field(value, "transactions")) ?? []).slice(0, MOST_ANSWERED).flatMap((each) => {
      const signature = signatureText(each);
      const slot = field(value, "slot");
      return signature === undefined ? [] : [statusOf(signature, { err, slot }, commitment)];
    });
  });
}

/** Of a request that is no JSON-RPC: `{signature}`, `{transactions: [{signature, error}]}`, `{error}`, or nothing. */
function restOutcome(call: LandingCall, { status, body }: VenueAnswer): CallOutcome {
  const value = bodyValue(body);
  const error = field(value, "error");
  const hasError = (typeof error === "string" && error !== "") || isObject(error);
  const failed = (status !== undefined && status >= 400) || hasError;
  const ok = failed ? false : status === undefined ? undefined : true;
  const code = failed ? codeOf(status, error) : undefined;
  return outcome(call, ok, code, restFacts(call, ok, code, error, value));
}

function codeOf(status: number | undefined, error: unknown): string {
  const own = whole(field(error, "code"));
  return own !== undefined ? String(own) : status !== undefined && status >= 400 ? String(status) : "error";
}

function restFacts(
  call: LandingCall,
  ok: boolean | undefined,
  code: string | undefined,
  error: unknown,
  value: unknown,
): readonly TradeFact[] {
  if (call.span === undefined || ok === undefined) return [];
  if (!ok) return refusedFacts(call, code, error);
  const entries = list(field(value, "transactions"));
  if (entries === undefined) {
    const signature = signatureText(field(value, "signature"));
    return call.sent.length > 0 || signature === undefined
      ? acceptedFacts(call)
      : [{ kind: "accepted", signature }];
  }
  return entries.slice(0, MOST_ANSWERED).flatMap((entry): TradeFact[] => {
    const signature = signatureText(field(entry, "signature"));
    return signature === undefined || field(entry, "submitted") === false
      ? []
      : [{ kind: "accepted", signature }];
  });
}

import { spanName } from "@slipstream/conventions";
import { bundleText } from "../chain/names.ts";
import { field, list } from "../json.ts";
import { encodingOf, type RpcMessage, transactionOf } from "../json-rpc/read-calls.ts";
import type { Target } from "../target.ts";
import { type SentTransaction, sentTransaction } from "../transaction/sent-transaction.ts";
import type { LandingCall, LandingOperation } from "../venue-call.ts";

/** Services take 5 in a bundle and 25 in a batch. */
const MOST_SENT = 32;
const MOST_BUNDLES = 16;
const LONGEST_TEXT = 6_000;

/** Methods that only landing services have, on whatever host: providers of nodes pass them on to Jito. */
const operations: ReadonlyMap<string, LandingOperation> = new Map([
  ["sendBundle", "send_bundle"],
  ["sendIdeal", "send_bundle"],
  ["sendPaladin", "send_transaction"],
  ["getTipAccounts", "tip_accounts"],
  ["getBundleStatuses", "bundle_status"],
  ["getInflightBundleStatuses", "bundle_status"],
  ["simulateBundle", "other"],
]);
const DEFAULT_SERVICE = "jito";

/** Methods of nodes that landing services have too, and that mean something else there. */
const onTheirHosts: ReadonlyMap<string, LandingOperation> = new Map([
  ["sendTransaction", "send_transaction"],
  ["sendBatch", "send_transaction"],
  ["getHealth", "ping"],
]);

/**
 * A call of JSON-RPC that goes to a landing service; undefined if it goes to a node.
 * @param service that the host belongs to
 */
export function landingRpcCall(message: RpcMessage, service: string | undefined): LandingCall | undefined {
  const { method, id, params } = message;
  const operation =
    operations.get(method) ?? (service === undefined ? undefined : (onTheirHosts.get(method) ?? "other"));
  if (operation === undefined) return undefined;
  return {
    ...landingCall(service ?? DEFAULT_SERVICE, operation, sentBy(operation, params)),
    method,
    id,
    bundles: operation === "bundle_status" ? bundlesOf(params) : [],
  };
}

function sentBy(operation: LandingOperation, params: readonly unknown[]): readonly SentTransaction[] {
  if (operation !== "send_transaction" && operation !== "send_bundle") return [];
  const several = list(params[0]);
  if (several === undefined) return asList(transactionOf(params));
  const encoding = encodingOf(params);
  return several.slice(0, MOST_SENT).flatMap((text) => sentTransaction(text, encoding) ?? []);
}

function bundlesOf(params: readonly unknown[]): readonly string[] {
  return (list(params[0]) ?? []).slice(0, MOST_BUNDLES).map((id) => bundleText(id) ?? "");
}

/**
 * A request to a landing service that is no JSON-RPC. bloXroute and NextBlock take `{transaction: {content}}` and `{entries: [...]}`, BlockRazor
 * `{transaction}`, and several a transaction as plain text.
 * @param body what is sent
 * @param value of its JSON; undefined if it is none
 */
export function landingRestCall(
  httpMethod: string,
  { path, query }: Target,
  service: string,
  body: string | undefined,
  value: unknown,
): LandingCall {
  const named = query.get("method") ?? "";
  if (httpMethod === "GET" || httpMethod === "HEAD" || named === "getHealth") {
    return landingCall(service, isPing.test(path) || named === "getHealth" ? "ping" : "other", []);
  }
  const sent = restTransactions(body, value);
  if (sent.length === 0 && !isSend.test(path) && !named.startsWith("send"))
    return landingCall(service, isPing.test(path) ? "ping" : "other", []);
  return landingCall(service, field(value, "useBundle") === true ? "send_bundle" : "send_transaction", sent);
}

const isPing = /\/(?:ping|health)$/;
const isSend = /\/(?:send|submit)[A-Za-z0-9-]*$/;

function restTransactions(body: string | undefined, value: unknown): readonly SentTransaction[] {
  if (value === undefined) {
    return body === undefined || body.length > LONGEST_TEXT
      ? []
      : asList(sentTransaction(body.trim(), "base64"));
  }
  const entries = list(field(value, "entries")) ?? [value];
  return entries.slice(0, MOST_SENT).flatMap((entry) => {
    const transaction = field(entry, "transaction");
    return asList(sentTransaction(field(transaction, "content") ?? transaction, "base64"));
  });
}

function asList(sent: SentTransaction | undefined): readonly SentTransaction[] {
  return sent === undefined ? [] : [sent];
}

function landingCall(
  service: string,
  operation: LandingOperation,
  sent: readonly SentTransaction[],
): LandingCall {
  const isSent = operation === "send_transaction" || operation === "send_bundle";
  return {
    kind: "landing",
    span: isSent ? spanName.solanaSubmit : undefined,
    service,
    operation,
    method: undefined,
    id: undefined,
    sent,
    bundles: [],
  };
}

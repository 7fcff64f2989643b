import type { VenueAnswer, VenueRequest } from "../venue.ts";
import { quoteAnswer, quoteUrl } from "./jupiter.ts";
import { base64, key, signature, swapDraft, trader } from "./transactions.ts";

/** A request and its answer with secrets in every place that is none of what is read. */
export interface Planted {
  readonly request: VenueRequest;
  readonly answer: VenueAnswer;
}

/** Parts of what must be in no output: keys of APIs, headers, messages, and the bytes of signed transactions. */
export const SECRET = "s3cr3tK3yDoNotTell";
const transaction = base64(swapDraft());
export const secrets: readonly string[] = [SECRET, transaction.slice(40, 72), transaction.slice(-32)];

const error = { code: -32_002, message: `bad ${SECRET}`, data: { err: "BlockhashNotFound", logs: [SECRET] } };
const header = (name: string): string => (name === "x-bundle-id" ? "5c".repeat(32) : SECRET);

export const planted: readonly Planted[] = [
  rpc(
    `https://node.example/${SECRET}`,
    "sendTransaction",
    [transaction, { encoding: "base64", key: SECRET }],
    {
      result: signature(9),
      note: SECRET,
    },
  ),
  rpc(`https://user:${SECRET}@node.example/?api-key=${SECRET}`, "sendTransaction", [transaction], { error }),
  rpc("https://node.example/", "simulateTransaction", [transaction, { encoding: "base64" }], { error }),
  rpc("https://node.example/", "getSignatureStatuses", [[signature(9), SECRET]], {
    result: {
      context: { slot: 5, note: SECRET },
      value: [{ err: SECRET, slot: 3, confirmationStatus: SECRET }, null],
    },
  }),
  rpc("https://node.example/", "getTransaction", [signature(9), { commitment: SECRET }], {
    result: {
      slot: 4,
      transaction: [transaction, "base64"],
      meta: { err: null, fee: 5_000, logMessages: [SECRET] },
    },
  }),
  rpc("https://node.example/", "getLatestBlockhash", [{ token: SECRET }], {
    result: { context: { slot: 5 }, value: { blockhash: key(2), lastValidBlockHeight: 350 } },
  }),
  rpc(
    `https://mainnet.block-engine.jito.wtf/api/v1/bundles?uuid=${SECRET}`,
    "sendBundle",
    [[transaction], { encoding: "base64" }],
    {
      result: "5c".repeat(32),
    },
  ),
  rpc("https://mainnet.block-engine.jito.wtf/api/v1/bundles", "getBundleStatuses", [["5c".repeat(32)]], {
    result: { value: [{ bundle_id: SECRET, transactions: [signature(9)], slot: 3, err: { Ok: null } }] },
  }),
  {
    request: { method: "GET", url: `${quoteUrl}&token=${SECRET}&restrict=${SECRET}` },
    answer: { status: 200, body: quoteAnswer({ note: SECRET }), header },
  },
  post(
    `https://api.jup.ag/${SECRET}/swap`,
    { userPublicKey: trader, quoteResponse: quoteAnswer(), note: SECRET },
    {
      swapTransaction: transaction,
      simulationError: { error: SECRET },
    },
  ),
  post(
    "https://api.jup.ag/swap/v2/execute",
    { requestId: "0199a1b2-cafe", signedTransaction: transaction },
    {
      status: "Failed",
      code: -1000,
      error: `because of ${SECRET}`,
      signature: signature(9),
    },
  ),
  post(
    "https://fra.nextblock.io/api/v2/submit",
    { transaction: { content: transaction, key: SECRET } },
    {
      signature: signature(9),
      uuid: SECRET,
    },
  ),
  post(
    "https://fra.nextblock.io/api/v2/submit",
    { transaction: { content: transaction } },
    { error: { message: SECRET } },
  ),
];

function rpc(url: string, method: string, params: unknown[], answer: object): Planted {
  return post(url, { jsonrpc: "2.0", id: 1, method, params }, { jsonrpc: "2.0", id: 1, ...answer });
}

function post(url: string, body: unknown, answer: unknown): Planted {
  return {
    request: { method: "POST", url, body: JSON.stringify(body) },
    answer: { status: 200, body: answer, header },
  };
}

import { encodeBase58 } from "@slipstream/solana";
import { builtTransaction } from "@slipstream/testing/build-transaction";
import { expect, test } from "vitest";
import { readAnswer } from "../read-answer.ts";
import { readRequest } from "../read-request.ts";
import { base64, hosts, signature, swapDraft } from "../testing/transactions.ts";

const transaction = base64(swapDraft());
const JITO = "https://mainnet.block-engine.jito.wtf/api/v1";
const bundleId = "5c".repeat(32);

const post = (url: string, body: unknown) =>
  readRequest({ method: "POST", url, body: typeof body === "string" ? body : JSON.stringify(body) }, hosts);
const rpc = (method: string, params: unknown[]) => ({ jsonrpc: "2.0", id: 1, method, params });

test("a bundle's transactions and tip are read; its id is a receipt and no outcome", () => {
  const texts = [encodeBase58(builtTransaction(swapDraft())), transaction];
  const calls = post(`${JITO}/bundles`, rpc("sendBundle", [texts, { encoding: "base64" }]));
  expect(calls).toMatchObject([
    {
      kind: "landing",
      span: "solana.submit",
      service: "jito",
      operation: "send_bundle",
      sent: [{ signature: signature(9) }, {}],
    },
  ]);
  expect(readAnswer(calls, { status: 200, body: { jsonrpc: "2.0", id: 1, result: bundleId } })).toMatchObject(
    [
      {
        ok: true,
        attributes: { "jito.bundle_id": bundleId, "jito.tip_lamports": 400_000, "landing.service": "jito" },
        facts: [{ kind: "accepted" }, { kind: "accepted" }, { kind: "bundle", bundleId }],
      },
    ],
  );
});

test("a transaction that is sent as a bundle of its own has its id in a header", () => {
  const calls = post(
    `${JITO}/transactions?bundleOnly=true`,
    rpc("sendTransaction", [transaction, { encoding: "base64" }]),
  );
  const header = (name: string) => (name === "x-bundle-id" ? bundleId : null);
  const body = { jsonrpc: "2.0", id: 1, result: signature(9) };
  expect(readAnswer(calls, { status: 200, body, header })[0]?.attributes["jito.bundle_id"]).toBe(bundleId);
});

test("{Ok: null} is a success, null is unknown, and what is in flight says nothing of the trade", () => {
  const calls = post(`${JITO}/getBundleStatuses`, rpc("getBundleStatuses", [[bundleId]]));
  const landed = {
    bundle_id: bundleId,
    transactions: [signature(9)],
    slot: 371_000_004,
    confirmation_status: "confirmed",
    err: { Ok: null },
  };
  const answer = (value: unknown) => ({
    status: 200,
    body: { jsonrpc: "2.0", id: 1, result: { context: { slot: 1 }, value } },
  });
  expect(readAnswer(calls, answer([landed]))[0]?.facts).toMatchObject([
    { kind: "status", signature: signature(9), slot: 371_000_004, commitment: "confirmed", failed: false },
  ]);
  expect(readAnswer(calls, answer([null]))[0]?.facts).toEqual([]);
  const inFlight = post(`${JITO}/getInflightBundleStatuses`, rpc("getInflightBundleStatuses", [[bundleId]]));
  expect(
    readAnswer(inFlight, answer([{ bundle_id: bundleId, status: "Invalid", landed_slot: null }]))[0]?.facts,
  ).toEqual([]);
});

test("providers of nodes pass bundles on to Jito", () => {
  const calls = post("https://node.example/key", rpc("getTipAccounts", []));
  expect(calls).toMatchObject([
    { kind: "landing", service: "jito", operation: "tip_accounts", span: undefined },
  ]);
});

test.each([
  [
    "https://fra2.nozomi.temporal.xyz/?c=KEY",
    rpc("sendTransaction", [transaction, { encoding: "base64" }]),
    "nozomi",
  ],
  ["https://fra2.nozomi.temporal.xyz/api/sendTransaction2?c=KEY", transaction, "nozomi"],
  ["https://fra.nextblock.io/api/v2/submit", { transaction: { content: transaction } }, "nextblock"],
  ["https://ny.solana.dex.blxrbdn.com/api/v2/submit", { transaction: { content: transaction } }, "bloxroute"],
  [
    "https://ny.solana.dex.blxrbdn.com/api/v2/submit-batch",
    { entries: [{ transaction: { content: transaction } }] },
    "bloxroute",
  ],
  [
    "https://de1.0slot.trade/?api-key=KEY",
    rpc("sendTransaction", [transaction, { encoding: "base64" }]),
    "0slot",
  ],
  ["http://frankfurt.solana.blockrazor.xyz:443/sendTransaction", { transaction, mode: "fast" }, "blockrazor"],
  [
    "http://fra-sender.helius-rpc.com/fast",
    rpc("sendTransaction", [transaction, { encoding: "base64" }]),
    "helius",
  ],
  ["http://fr.gateway.astralane.io/iris2?api-key=KEY&method=sendTransaction", transaction, "astralane"],
])("%s takes a transaction", (url, body, service) => {
  const calls = post(url, body);
  expect(calls).toMatchObject([
    {
      kind: "landing",
      service,
      operation: "send_transaction",
      span: "solana.submit",
      sent: [{ signature: signature(9) }],
    },
  ]);
  expect(readAnswer(calls, { status: 200, body: "" })[0]?.errorCode).toBeUndefined();
  expect(readAnswer(calls, { status: 503, body: "busy" })).toMatchObject([
    { ok: false, errorCode: "503", facts: [{ kind: "refused", isCertain: false }] },
  ]);
});

test("warm-up pings are no trades", () => {
  for (const url of [
    "http://fra-sender.helius-rpc.com/ping",
    "http://frankfurt.solana.blockrazor.xyz:443/health",
  ]) {
    expect(readRequest({ method: "GET", url }, hosts)).toMatchObject([
      { kind: "landing", operation: "ping", span: undefined },
    ]);
  }
  expect(post("https://de1.0slot.trade/", rpc("getHealth", []))).toMatchObject([{ operation: "ping" }]);
});

test("a binary body that was not read is still a sent transaction", () => {
  const url = "http://fr.gateway.astralane.io/irisb?api-key=KEY&method=sendTransaction";
  expect(readRequest({ method: "POST", url }, hosts)).toMatchObject([
    { operation: "send_transaction", sent: [] },
  ]);
});

test("hosts can be added", () => {
  const own = { ...hosts, jito: ["127.0.0.1:9300"], landing: { nextblock: ["relay.example"] } };
  const at = (url: string) =>
    readRequest(
      { method: "POST", url, body: JSON.stringify({ transaction: { content: transaction } }) },
      own,
    );
  expect(at("http://127.0.0.1:9300/api/v2/submit")).toMatchObject([{ service: "jito" }]);
  expect(at("https://relay.example/api/v2/submit")).toMatchObject([{ service: "nextblock" }]);
  expect(at("https://other.example/api/v2/submit")).toEqual([]);
});

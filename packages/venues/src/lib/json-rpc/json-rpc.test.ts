import { expect, test } from "vitest";
import { readAnswer } from "../read-answer.ts";
import { readRequest } from "../read-request.ts";

const hosts = { jupiter: [], jito: [] };
const post = (body: unknown) =>
  readRequest(
    {
      method: "POST",
      url: "https://node.example/key",
      body: typeof body === "string" ? body : JSON.stringify(body),
    },
    hosts,
  );

test("a call has its method, id and commitment, and its answer the node's slot", () => {
  const body = {
    jsonrpc: "2.0",
    id: "7",
    method: "getBalance",
    params: ["abc", { commitment: "confirmed" }],
  };
  const calls = post(body);
  expect(calls).toMatchObject([
    { kind: "rpc", span: "solana.rpc", method: "getBalance", id: "7", commitment: "confirmed" },
  ]);
  const answer = {
    jsonrpc: "2.0",
    id: "7",
    result: { context: { slot: 371_000_001, apiVersion: "3.0.1" }, value: 5 },
  };
  for (const said of [answer, JSON.stringify(answer)]) {
    expect(readAnswer(calls, { status: 200, body: said })).toMatchObject([{ ok: true, slot: 371_000_001 }]);
  }
});

test("answers of a batch come in any order", () => {
  const calls = post([
    { jsonrpc: "2.0", id: 1, method: "getSlot" },
    { jsonrpc: "2.0", id: 2, method: "getHealth" },
    { jsonrpc: "2.0", id: 3, method: "getEpochInfo" },
  ]);
  const body = [
    {
      jsonrpc: "2.0",
      id: 2,
      error: { code: -32_005, message: "Node is behind by 42 slots", data: { numSlotsBehind: 42 } },
    },
    { jsonrpc: "2.0", id: 1, result: 371_000_001 },
  ];
  expect(readAnswer(calls, { status: 200, body })).toMatchObject([
    { ok: true },
    { ok: false, errorCode: "-32005", attributes: { "error.type": "-32005", "rpc.method": "getHealth" } },
    { ok: undefined },
  ]);
});

test("an error of HTTP is an error of each call", () => {
  const calls = post({ jsonrpc: "2.0", id: 1, method: "getSlot" });
  expect(readAnswer(calls, { status: 429, body: "Too many requests" })).toMatchObject([
    { ok: false, errorCode: "429" },
  ]);
});

test.each([
  "",
  "{",
  '{"method":"eth_call"}',
  '{"method":"getblockcount"}',
  '{"method":7}',
  '[[{"method":"getSlot"}]]',
  '{"query":"method"}',
])("%s is no call of Solana's", (body) => {
  expect(post(body)).toEqual([]);
});

import { semconv, spanName } from "@slipstream/conventions";
import type { Attributes, Span } from "@slipstream/otlp/decode";
import { START_MS, span } from "@slipstream/testing/engine/spans";
import { describe, expect, it } from "vitest";
import { CallClassifier } from "./classify-call.ts";
import type { Call } from "./event.ts";

const CLIENT = 3;
const calls = new CallClassifier({
  jupiterHosts: ["jupiter.desk:8080"],
  rpcHosts: ["127.0.0.1:8899", "*.rpc.desk"],
});

function classify(attributes: Attributes, rest: Partial<Span> = {}): Call | undefined {
  return calls.classify(span("POST", START_MS, { kind: CLIENT, attributes, ...rest }));
}

function get(url: string, more: Attributes = {}): Call | undefined {
  return classify({ [semconv.httpMethod]: "GET", [semconv.urlFull]: url, ...more });
}

describe("Slipstream's own spans", () => {
  it.each([
    [spanName.solanaRpc, "node"],
    [spanName.jupiterQuote, "jupiter"],
    [spanName.jupiterSwap, "jupiter"],
    [spanName.dbWrite, "database"],
  ])("%s is a call of kind %s", (name, kind) => {
    expect(calls.classify(span(name, START_MS))).toMatchObject({ kind, operation: name, own: true });
  });

  it("a phase is a call only where it names its method", () => {
    const submit = { name: spanName.solanaSubmit };
    expect(classify({ [semconv.rpcMethod]: "sendTransaction" }, submit)).toMatchObject({
      kind: "node",
      operation: spanName.solanaSubmit,
      method: "sendTransaction",
      own: true,
    });
    expect(classify({}, submit)).toBeUndefined();
    expect(calls.classify(span(spanName.solanaConfirm, START_MS))).toBeUndefined();
  });
});

describe("stock spans", () => {
  it("find Jupiter by its hosts and name the operation by the path", () => {
    expect(get("https://lite-api.jup.ag/swap/v1/quote?inputMint=x")).toMatchObject({
      kind: "jupiter",
      operation: spanName.jupiterQuote,
      own: false,
    });
    expect(get("https://api.jup.ag:443/swap/v1/swap")?.operation).toBe(spanName.jupiterSwap);
    expect(get("https://quote-api.jup.ag/v6/swap-instructions")?.operation).toBe(spanName.jupiterSwap);
    expect(get("https://api.jup.ag/price/v3")?.operation).toBe("jupiter.other");
    expect(get("http://jupiter.desk:8080/quote")?.kind).toBe("jupiter");
    expect(get("http://jupiter.desk:8081/quote")).toBeUndefined();
    expect(get("https://api.jup.ag.evil.example/quote")).toBeUndefined();
    expect(get("https://user:api.jup.ag@evil.example/quote")).toBeUndefined();
  });

  it("find Jupiter by the older attributes too", () => {
    const old = { [semconv.httpMethodOld]: "GET", [semconv.serverAddressOld]: "API.jup.ag" };
    expect(
      classify({ ...old, [semconv.serverPortOld]: 443, [semconv.urlPath]: "/swap/v1/quote" }),
    ).toMatchObject({
      operation: spanName.jupiterQuote,
    });
  });

  it("find the node by JSON-RPC, by a method of Solana's, or by its host", () => {
    const node = { kind: "node", operation: spanName.solanaRpc, own: false };
    expect(classify({ [semconv.rpcSystemName]: "jsonrpc", [semconv.rpcMethod]: "getSlot" })).toMatchObject({
      ...node,
      method: "getSlot",
    });
    expect(classify({ [semconv.rpcSystem]: "jsonrpc" })).toMatchObject({ ...node, method: undefined });
    expect(get("http://node.example", { [semconv.rpcMethod]: "sendTransaction" })).toMatchObject(node);
    expect(get("http://127.0.0.1:8899/")).toMatchObject(node);
    expect(get("https://fra.rpc.desk/key")).toMatchObject(node);
    expect(get("https://api.mainnet-beta.solana.com")).toMatchObject(node);
  });

  it("are no node where another chain or another protocol is called", () => {
    expect(classify({ [semconv.rpcSystem]: "jsonrpc", [semconv.rpcMethod]: "eth_call" })).toBeUndefined();
    expect(classify({ [semconv.rpcSystem]: "grpc", [semconv.rpcMethod]: "getSlot" })).toBeUndefined();
    expect(get("http://127.0.0.1:9999/")).toBeUndefined();
    expect(get("not a url")).toBeUndefined();
  });

  it("are database writes, and only writes", () => {
    const postgres = { [semconv.dbSystem]: "postgresql" };
    expect(classify({ ...postgres, [semconv.dbOperation]: "INSERT" })).toMatchObject({
      kind: "database",
      operation: spanName.dbWrite,
    });
    expect(classify({ ...postgres, [semconv.dbOperation]: "SELECT" })).toBeUndefined();
    const write = {
      [semconv.httpMethod]: "POST",
      [semconv.urlFull]: "http://questdb:9000/write?precision=n",
    };
    expect(classify(write)?.kind).toBe("database");
    expect(get("http://questdb:9000/write")).toBeUndefined();
  });

  it("count as calls only on the caller's side", () => {
    const server = { kind: 2 };
    expect(
      classify({ [semconv.rpcSystem]: "jsonrpc", [semconv.rpcMethod]: "getSlot" }, server),
    ).toBeUndefined();
  });

  it("have failed by their status, an error type, or HTTP's status", () => {
    const rpc = { [semconv.rpcSystem]: "jsonrpc" };
    expect(classify(rpc)?.failed).toBe(false);
    expect(classify(rpc, { statusCode: 2 })?.failed).toBe(true);
    expect(classify({ ...rpc, [semconv.errorType]: "timeout" })?.failed).toBe(true);
    expect(classify({ ...rpc, [semconv.httpStatus]: 429 })?.failed).toBe(true);
    expect(classify({ ...rpc, [semconv.httpStatusOld]: 200n })?.failed).toBe(false);
  });
});

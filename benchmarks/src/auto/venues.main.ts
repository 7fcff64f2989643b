import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { encodeBase58, programId } from "@slipstream/solana";
import { builtTransaction, limitData, priceData } from "@slipstream/testing/build-transaction";

// A stand-in for a Solana node, for Jupiter and for a server of market data, in a process of its own. Values are made up.
const markets = JSON.stringify({
  markets: Array.from({ length: 12 }, (_, i) => ({
    pair: `TOKEN${i}/USDC`,
    bid: 1.5 + i,
    ask: 1.51 + i,
    depth: 50_000,
  })),
});
const key = (fill: number): string => encodeBase58(new Uint8Array(32).fill(fill));
const trader = key(1);
let count = 0;

function quote(query: URLSearchParams): string {
  const [inputMint, outputMint, inAmount] = ["inputMint", "outputMint", "amount"].map((name) =>
    query.get(name),
  );
  const swapInfo = {
    ammKey: key(6),
    label: "Whirlpool",
    inputMint,
    outputMint,
    inAmount,
    outAmount: "1640000000",
  };
  return JSON.stringify({
    inputMint,
    inAmount,
    outputMint,
    outAmount: "1640000000",
    otherAmountThreshold: "1631800000",
    swapMode: "ExactIn",
    slippageBps: 50,
    platformFee: null,
    priceImpactPct: "0.00012",
    routePlan: [{ swapInfo, percent: 100, bps: 10_000 }],
    contextSlot: 371_000_000,
    timeTaken: 0.004,
  });
}

/** Each has a message of its own: it names another block. */
function swap(): string {
  count += 1;
  const blockhash = new Uint8Array(32).fill(2);
  new DataView(blockhash.buffer).setUint32(0, count);
  const bytes = builtTransaction({
    version: 0,
    payer: trader,
    blockhash: encodeBase58(blockhash),
    signatures: [""],
    instructions: [
      { program: programId.computeBudget, accounts: [], data: limitData(140_000) },
      { program: programId.computeBudget, accounts: [], data: priceData(50_000n) },
      { program: programId.jupiter, accounts: [trader, key(5)], data: new Uint8Array(27) },
    ],
  });
  return JSON.stringify({ swapTransaction: bytes.toString("base64"), lastValidBlockHeight: 350_000_123 });
}

const context = { slot: 371_000_010 };

function node(body: string): string {
  const { id, method, params } = JSON.parse(body);
  return JSON.stringify({ jsonrpc: "2.0", id, result: result(method, params) });
}

function result(method: string, params: readonly unknown[]): unknown {
  if (method === "sendTransaction")
    return encodeBase58(Buffer.from(String(params[0]), "base64").subarray(1, 65));
  if (method === "getSignatureStatuses")
    return {
      context,
      value: [{ slot: 371_000_009, confirmations: 1, err: null, confirmationStatus: "confirmed" }],
    };
  return { context, value: { blockhash: key(2), lastValidBlockHeight: 350_000_123 } };
}

const server = createServer(async (request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://127.0.0.1");
  const body = request.method === "POST" ? await text(request) : "";
  const answers: Record<string, () => string> = {
    "/markets": () => markets,
    "/swap/v1/quote": () => quote(searchParams),
    "/swap/v1/swap": swap,
    "/": () => node(body),
  };
  const answer = answers[pathname]?.();
  response
    .writeHead(answer === undefined ? 404 : 200, { "content-type": "application/json" })
    .end(answer ?? "{}");
});
server.keepAliveTimeout = 60_000;

process.once("disconnect", () => process.exit());
server.listen(0, "127.0.0.1", () => {
  const { port } = server.address() as AddressInfo;
  process.send?.({ url: `http://127.0.0.1:${port}` });
});

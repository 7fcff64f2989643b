import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { base58 } from "@scure/base";
import { z } from "zod";

/** A quote. Amounts are in atoms of the token that is bought. */
export interface Quote {
  readonly outAmount: bigint;
  readonly minOut: bigint;
}

/** Stand-ins of Jupiter and of a Solana node on one loopback port, and the calls that a service makes to them. */
export interface Venue extends AsyncDisposable {
  /** @param sizeUsd value to sell, in USD */
  quote(sizeUsd: number): Promise<Quote>;
  /**
   * Sends a transaction. Answers its signature.
   *
   * @throws Error for every fifth transaction: its blockhash was not found.
   */
  send(quote: Quote): Promise<string>;
  /** Waits for the transaction to be confirmed. Answers its slot. */
  confirm(signature: string): Promise<number>;
}

const quoteAnswer = z.object({ outAmount: z.string(), otherAmountThreshold: z.string() });
const rpcAnswer = z.object({
  result: z.unknown().optional(),
  error: z.object({ message: z.string() }).optional(),
});
const rpcQuestion = z.object({ method: z.string() });

/** Starts the stand-ins. */
export async function startVenue(): Promise<Venue> {
  let sent = 0;
  const results: Readonly<Record<string, () => unknown>> = {
    sendTransaction: () => {
      sent += 1;
      return sent % 5 === 0 ? undefined : base58.encode(randomBytes(64));
    },
    getSignatureStatuses: () => ({ value: [{ slot: 400_000_000 + sent, confirmationStatus: "confirmed" }] }),
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://venue");
    await sleep(5 + Math.random() * 10);
    if (pathname === "/quote") {
      const outAmount = Math.round(Number(searchParams.get("sizeUsd")) * 1e6);
      response.end(
        JSON.stringify({
          outAmount: `${outAmount}`,
          otherAmountThreshold: `${Math.round(outAmount * 0.995)}`,
        }),
      );
      return;
    }
    const { method } = rpcQuestion.parse(await json(request));
    const result = results[method]?.();
    response.end(
      JSON.stringify(result === undefined ? { error: { message: "Blockhash not found" } } : { result }),
    );
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.writeHead(400).end());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function rpc(method: string, params: readonly unknown[]): Promise<unknown> {
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
    const response = await fetch(url, { method: "POST", body });
    const { result, error } = rpcAnswer.parse(await response.json());
    if (error !== undefined) throw new Error(error.message);
    return result;
  }

  return {
    quote: async (sizeUsd) => {
      const response = await fetch(`${url}/quote?sizeUsd=${sizeUsd}`);
      const { outAmount, otherAmountThreshold } = quoteAnswer.parse(await response.json());
      return { outAmount: BigInt(outAmount), minOut: BigInt(otherAmountThreshold) };
    },
    send: async ({ minOut }) => z.string().parse(await rpc("sendTransaction", [`swap for ${minOut}`])),
    confirm: async (signature) => {
      const statuses = z.object({ value: z.array(z.object({ slot: z.number() })).length(1) });
      const [status] = statuses.parse(await rpc("getSignatureStatuses", [[signature]])).value;
      return status?.slot ?? 0;
    },
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

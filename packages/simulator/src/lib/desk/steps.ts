import type { Attributes, Span } from "@opentelemetry/api";
import { attribute, semconv, spanName } from "@slipstream/conventions";
import {
  decodeTransaction,
  encodeBase58,
  encodeMessage,
  encodeTransaction,
  type Message,
} from "@slipstream/solana";
import { z } from "zod";
import type { Decision } from "../market/decisions.ts";
import { readSwap, type SwapRequest } from "../solana/swap-transaction.ts";
import type { Calls } from "./calls.ts";
import type { Quote } from "./clients.ts";
import { failureOf, retry, TradeFailure } from "./failure.ts";
import { CallError } from "./http-client.ts";
import type { Venue } from "./venue.ts";

/**
 * Reads are retried once. So are submissions, because sending the same signed transaction twice is harmless.
 */
const ATTEMPTS = 2;

/** A JSON-RPC call with a span of its own. */
export function callNode<T>(
  { rpc }: Venue,
  calls: Calls,
  method: string,
  params: readonly unknown[],
  result: z.ZodType<T>,
  /** What the answer says, for the span. */
  describe?: (answer: T) => Attributes,
): Promise<T> {
  return trackNode(calls, method, async (span) => {
    const answer = await rpc.call(method, params, result);
    if (describe !== undefined) span?.setAttributes(describe(answer));
    return answer;
  });
}

function trackNode<T>(
  calls: Calls,
  method: string,
  call: (span: Span | undefined) => Promise<T>,
): Promise<T> {
  const attributes = { [semconv.rpcSystem]: "jsonrpc", [semconv.rpcMethod]: method };
  return calls.track(spanName.solanaRpc, call, { attributes, method });
}

export async function quote(
  { jupiter }: Venue,
  calls: Calls,
  decision: Decision,
  amountIn: bigint,
): Promise<Quote> {
  try {
    return await retry(ATTEMPTS, () =>
      calls.track(
        spanName.jupiterQuote,
        async (span) => {
          const quoted = await jupiter.quote(decision, amountIn);
          span?.setAttributes({
            [attribute.tradeQuotedOut]: String(quoted.out),
            [attribute.tradeMinOut]: String(quoted.minOut),
          });
          return quoted;
        },
        {
          attributes: {
            [attribute.tradePair]: decision.pair.name,
            [attribute.tradeSide]: decision.side,
            [attribute.tradeAmountIn]: String(amountIn),
            [attribute.tradeSlippageToleranceBps]: decision.toleranceBps,
          },
        },
      ),
    );
  } catch (error) {
    throw failureOf(error, "quote_unavailable");
  }
}

/** Requests the swap transaction from Jupiter. */
export async function swap(
  { jupiter, wallet }: Venue,
  calls: Calls,
  decision: Decision,
  quoted: Quote,
): Promise<Unsigned> {
  try {
    const bytes = await retry(ATTEMPTS, () =>
      calls.track(spanName.jupiterSwap, () => jupiter.swap(quoted, wallet.address, decision), {
        attributes: {
          [attribute.tradePair]: decision.pair.name,
          [attribute.solanaComputeUnitPrice]: decision.computeUnitPrice,
        },
      }),
    );
    return readUnsigned(bytes);
  } catch (error) {
    throw failureOf(error, "swap_unavailable");
  }
}

interface Unsigned {
  readonly message: Message;
  readonly request: SwapRequest;
}

function readUnsigned(bytes: Uint8Array): Unsigned {
  try {
    const { message } = decodeTransaction(bytes);
    const request = readSwap(message);
    if (request === undefined) throw new RangeError("it contains no swap");
    return { message, request };
  } catch (error) {
    throw new CallError("shape", `cannot read Jupiter's transaction: ${error}`);
  }
}

export interface Prepared {
  readonly messageBytes: Uint8Array;
  readonly lastValidBlockHeight: number;
}

const blockhashAnswer = z.looseObject({
  value: z.looseObject({ blockhash: z.string(), lastValidBlockHeight: z.int() }),
});

/** Sets the newest blockhash of the desk's own node in the message, because Jupiter's may be older. */
export async function refreshBlockhash(venue: Venue, calls: Calls, { message }: Unsigned): Promise<Prepared> {
  try {
    const { value } = await retry(ATTEMPTS, () =>
      callNode(venue, calls, "getLatestBlockhash", [{ commitment: "confirmed" }], blockhashAnswer),
    );
    const messageBytes = encodeMessage({ ...message, recentBlockhash: value.blockhash });
    return { messageBytes, lastValidBlockHeight: value.lastValidBlockHeight };
  } catch (error) {
    throw failureOf(error, "node_unavailable");
  }
}

const simulateAnswer = z.looseObject({ value: z.looseObject({ err: z.unknown() }) });

export async function simulate(venue: Venue, calls: Calls, { messageBytes }: Prepared): Promise<void> {
  const transaction = Buffer.from(encodeTransaction(messageBytes)).toString("base64");
  const params = [transaction, { encoding: "base64", sigVerify: false, commitment: "confirmed" }];
  try {
    await calls.track(spanName.solanaSimulate, async () => {
      const { value } = await retry(ATTEMPTS, () =>
        callNode(venue, calls, "simulateTransaction", params, simulateAnswer),
      );
      if (value.err === "BlockhashNotFound") throw new TradeFailure("blockhash_expired");
      if (value.err !== null) throw new TradeFailure("refused", new Error(JSON.stringify(value.err)));
    });
  } catch (error) {
    throw failureOf(error, "node_unavailable");
  }
}

export interface Signed {
  readonly signature: string;
  /** Base64. */
  readonly transaction: string;
}

export function sign({ wallet }: Venue, calls: Calls, { messageBytes }: Prepared): Promise<Signed> {
  return calls.track(spanName.solanaSign, (span) => {
    const bytes = wallet.sign(messageBytes);
    const transaction = Buffer.from(encodeTransaction(messageBytes, bytes)).toString("base64");
    const signature = encodeBase58(bytes);
    span?.setAttributes({ [attribute.solanaSignature]: signature, [attribute.solanaSigner]: wallet.address });
    return { signature, transaction };
  });
}

/**
 * Sends the transaction. Resolves when the network has accepted it, with Jito's bundle id if it is a bundle.
 */
export async function submit(
  venue: Venue,
  calls: Calls,
  { protection, jitoTipLamports }: Decision,
  { transaction, signature }: Signed,
): Promise<{ bundleId: string | undefined }> {
  const method = "sendTransaction";
  const params = [transaction, { encoding: "base64", preflightCommitment: "confirmed", maxRetries: 0 }];
  try {
    return await calls.track(
      spanName.solanaSubmit,
      (span) =>
        retry(ATTEMPTS, async () => {
          if (protection === "jito") {
            const sent = await trackNode(calls, method, () => venue.rpc.sendBundle(transaction));
            if (sent.bundleId !== undefined) span?.setAttribute(attribute.jitoBundleId, sent.bundleId);
            return sent;
          }
          if (protection === "none") await callNode(venue, calls, method, params, z.string());
          else await trackNode(calls, method, () => venue.rpc.sendPrivately(params));
          return { bundleId: undefined };
        }),
      {
        attributes: {
          [attribute.solanaSignature]: signature,
          [attribute.mevProtection]: protection,
          ...(jitoTipLamports > 0 && { [attribute.jitoTipLamports]: jitoTipLamports }),
        },
      },
    );
  } catch (error) {
    throw failureOf(error, isRefusal(error) ? refusalOf(error) : "node_unavailable");
  }
}

function isRefusal(error: unknown): error is CallError {
  return error instanceof CallError && error.kind === "rpc" && error.code !== -32005;
}

function refusalOf({ message }: CallError): "blockhash_expired" | "refused" {
  return message.endsWith("Blockhash not found") ? "blockhash_expired" : "refused";
}

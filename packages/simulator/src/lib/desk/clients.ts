import { z } from "zod";
import type { Decision } from "../market/decisions.ts";
import { inputToken, outputToken } from "../market/tokens.ts";
import { BLOCK_ENGINE_PATH, PRIVATE_PATH } from "../stand-ins/rpc-node.ts";
import { CallError, type HttpAnswer, type HttpClient } from "./http-client.ts";

const atoms = z.string().regex(/^\d+$/).transform(BigInt);

const quoteAnswer = z.looseObject({ outAmount: atoms, otherAmountThreshold: atoms });
const swapAnswer = z.looseObject({ swapTransaction: z.base64() });

export interface Quote {
  readonly out: bigint;
  readonly minOut: bigint;
  /** The original answer, which is needed to request the swap. */
  readonly raw: unknown;
}

/** The part of Jupiter's swap API that the desk uses. */
export class JupiterClient {
  readonly #http: HttpClient;
  readonly #url: string;

  constructor(http: HttpClient, url: string) {
    this.#http = http;
    this.#url = url;
  }

  async quote({ pair, side, toleranceBps }: Decision, amountIn: bigint): Promise<Quote> {
    const query = new URLSearchParams({
      inputMint: inputToken(pair, side).mint,
      outputMint: outputToken(pair, side).mint,
      amount: String(amountIn),
      slippageBps: String(toleranceBps),
      swapMode: "ExactIn",
    });
    const answer = await this.#http.send({ method: "GET", url: `${this.#url}/swap/v1/quote?${query}` });
    const raw = readJson(answer);
    const { outAmount, otherAmountThreshold } = parse(quoteAnswer, raw);
    return { out: outAmount, minOut: otherAmountThreshold, raw };
  }

  /** The unsigned transaction. */
  async swap(quote: Quote, owner: string, decision: Decision): Promise<Uint8Array> {
    const body = JSON.stringify({
      userPublicKey: owner,
      quoteResponse: quote.raw,
      dynamicComputeUnitLimit: true,
      computeUnitPriceMicroLamports: decision.computeUnitPrice,
      ...(decision.jitoTipLamports > 0 && {
        prioritizationFeeLamports: { jitoTipLamports: decision.jitoTipLamports },
      }),
    });
    const answer = await this.#http.send({ method: "POST", url: `${this.#url}/swap/v1/swap`, body });
    return Buffer.from(parse(swapAnswer, readJson(answer)).swapTransaction, "base64");
  }
}

const rpcAnswer = z.union([
  z.looseObject({ error: z.looseObject({ code: z.number(), message: z.string() }) }),
  z.looseObject({ result: z.unknown() }),
]);

/** JSON-RPC 2.0, one call per request. */
export class RpcClient {
  readonly #http: HttpClient;
  readonly #url: string;
  #id = 0;

  constructor(http: HttpClient, url: string) {
    this.#http = http;
    this.#url = url;
  }

  async call<T>(method: string, params: readonly unknown[], result: z.ZodType<T>): Promise<T> {
    return (await this.#send("", method, params, result)).value;
  }

  /**
   * Sends the transaction to the block engine, as a bundle of its own. Resolves to the signature and Jito's
   * bundle id.
   */
  async sendBundle(transaction: string): Promise<{ signature: string; bundleId: string | undefined }> {
    const path = `${BLOCK_ENGINE_PATH}?bundleOnly=true`;
    const params = [transaction, { encoding: "base64", skipPreflight: true }];
    const { value, answer } = await this.#send(path, "sendTransaction", params, z.string());
    const bundleId = answer.headers["x-bundle-id"];
    return { signature: value, bundleId: typeof bundleId === "string" ? bundleId : undefined };
  }

  /** Sends the transaction by a path that shows it to nobody. */
  async sendPrivately(params: readonly unknown[]): Promise<string> {
    return (await this.#send(PRIVATE_PATH, "sendTransaction", params, z.string())).value;
  }

  async #send<T>(
    path: string,
    method: string,
    params: readonly unknown[],
    result: z.ZodType<T>,
  ): Promise<{ value: T; answer: HttpAnswer }> {
    const body = JSON.stringify({ jsonrpc: "2.0", id: ++this.#id, method, params });
    const answer = await this.#http.send({ method: "POST", url: this.#url + path, body });
    const parsed = parse(rpcAnswer, readJson(answer));
    if ("error" in parsed) {
      const { code, message } = parsed.error as { code: number; message: string };
      throw new CallError("rpc", message, code);
    }
    return { value: parse(result, parsed.result), answer };
  }
}

function readJson({ status, body }: HttpAnswer): unknown {
  if (status !== 200) throw new CallError("http", `HTTP ${status}`, status);
  try {
    return JSON.parse(body);
  } catch {
    throw new CallError("shape", "the answer is not JSON");
  }
}

function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new CallError("shape", z.prettifyError(parsed.error));
  return parsed.data;
}

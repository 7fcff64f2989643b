import { percentDecoded } from "@slipstream/conventions";
import type { Placed } from "@slipstream/engine";
import { NEWEST_TRANSACTION_VERSION, UNSUPPORTED_TRANSACTION_VERSION } from "@slipstream/solana";
import { z } from "zod";
import type { BlockSource, Found, Head } from "./block-source.ts";
import { PostError, post } from "./post.ts";

/** Solana's JSON-RPC errors about blocks. Source: agave, rpc-client-api/src/custom_error.rs. */
const SKIPPED: ReadonlySet<number> = new Set([-32_007, -32_009]);
const NOT_YET: ReadonlySet<number> = new Set([-32_004, -32_014, -32_016]);
const CLEANED_UP = -32_001;

const answerSchema = z.object({
  result: z.unknown().optional(),
  // Some nodes answer null beside a result.
  error: z.object({ code: z.number(), message: z.string() }).nullish(),
});
const statusesSchema = z.object({ value: z.array(z.object({ slot: z.int().min(0) }).nullable()) });
/** Larger answers are blocks, which are not parsed here. Some nodes send much data with an error. */
const LARGEST_ERROR = 2 ** 16;
/** Bytes. Blocks take about 10 MB. */
const LARGEST_BLOCK = 2 ** 26;
const LARGEST_OTHER = 2 ** 20;

/** The answer as it came stands for the block: it is read once, where it is decoded. */
const BLOCK_OPTIONS = {
  commitment: "confirmed",
  encoding: "json",
  transactionDetails: "full",
  maxSupportedTransactionVersion: NEWEST_TRANSACTION_VERSION,
  rewards: true,
};

/**
 * A Solana node by JSON-RPC. Blocks are read as soon as they are confirmed; that they are final is told apart.
 *
 * @param url may hold a key, or a name and password (HTTP Basic): it is in no message
 */
export function createRpcSource(url: string, timeoutMs: number): BlockSource {
  const { address, authorization } = withoutLogin(url);
  const headers = {
    "content-type": "application/json",
    ...(authorization === undefined ? {} : { authorization }),
  };
  const call = async (method: string, params: readonly unknown[]): Promise<Uint8Array> => {
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
    const most = method === "getBlock" ? LARGEST_BLOCK : LARGEST_OTHER;
    const answer = await post(address, headers, body, timeoutMs, most).catch((error: unknown) => {
      throw new Error(`${method}: ${error instanceof PostError ? error.message : "it failed"}`);
    });
    const { status } = answer;
    if (status < 200 || status >= 300)
      throw new Error(`${method}: the node answered ${status}${remedyFor(status)}`);
    return answer.body;
  };

  const slot = async (commitment: string): Promise<number> => {
    const { result, error } = answerOf("getSlot", await call("getSlot", [{ commitment }]));
    if (error) throw new Error(`getSlot: the node answered error ${error.code}`);
    if (!Number.isSafeInteger(result)) throw new Error("getSlot: the node answered no slot");
    return Number(result);
  };

  return {
    async head(): Promise<Head> {
      const [newest, finalized] = await Promise.all([slot("confirmed"), slot("finalized")]);
      return { newest, finalized };
    },

    async placesOf(signatures: readonly string[]): Promise<readonly Placed[]> {
      const params = [signatures, { searchTransactionHistory: true }];
      const answer = await call("getSignatureStatuses", params);
      const { result, error } = answerOf("getSignatureStatuses", answer);
      if (error) throw new Error(`getSignatureStatuses: the node answered error ${error.code}`);
      const statuses = statusesSchema.safeParse(result);
      if (!statuses.success) throw new Error("getSignatureStatuses: the node answered no statuses");
      return statuses.data.value.flatMap((status, at) => {
        const signature = signatures[at];
        return status === null || signature === undefined ? [] : [{ signature, slot: status.slot }];
      });
    },

    async block(slot: number): Promise<Found> {
      const bytes = await call("getBlock", [slot, BLOCK_OPTIONS]);
      if (bytes.length > LARGEST_ERROR) return { kind: "block", bytes };
      const { result, error } = answerOf("getBlock", bytes);
      if (!error) return result === null ? { kind: "skipped" } : { kind: "block", bytes };
      if (SKIPPED.has(error.code)) return { kind: "skipped" };
      if (NOT_YET.has(error.code)) return { kind: "later" };
      if (error.code === UNSUPPORTED_TRANSACTION_VERSION)
        return { kind: "refused", reason: tooNew(error.message) };
      if (error.code === CLEANED_UP) return { kind: "gone", reason: "the node no longer has it" };
      throw new Error(`getBlock: the node answered error ${error.code}`);
    },
  };
}

/** What to do about a status; "" if nothing is known. */
function remedyFor(status: number): string {
  if (status >= 300 && status < 400)
    return ", a redirect, which is not followed: give --rpc the URL that it leads to";
  if (status === 401 || status === 403)
    return ": the key or login in --rpc is missing, wrong or not allowed this";
  if (status === 404) return ": is the path in --rpc right?";
  if (status === 429) return ": it allows fewer requests; lower blocksPerSecond if this goes on";
  return "";
}

/** A name and password in the URL become a header. */
function withoutLogin(url: string): { readonly address: URL; readonly authorization: string | undefined } {
  const address = new URL(url);
  const { username, password } = address;
  if (username === "" && password === "") return { address, authorization: undefined };
  address.username = "";
  address.password = "";
  const login = [username, password].map(percentDecoded).join(":");
  return { address, authorization: `Basic ${Buffer.from(login).toString("base64")}` };
}

/** The node refuses a whole block for one transaction; asking it again changes nothing. */
function tooNew(message: string): string {
  const version = /version \((\d+)\)/.exec(message)?.[1];
  const newer = version === undefined ? "a newer version" : `version ${version}`;
  return (
    `it holds a transaction of ${newer}, and this Slipstream reads up to version ${NEWEST_TRANSACTION_VERSION}: ` +
    "update Slipstream"
  );
}

function answerOf(method: string, bytes: Uint8Array): z.infer<typeof answerSchema> {
  try {
    return answerSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch {
    throw new Error(`${method}: the node's answer is no JSON-RPC`);
  }
}

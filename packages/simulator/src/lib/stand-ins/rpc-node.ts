import { createHash } from "node:crypto";
import { z } from "zod";
import type { Clock } from "../clock.ts";
import type { Protection } from "../market/decisions.ts";
import type { Chain } from "./chain.ts";
import { RpcError } from "./rpc-call.ts";
import { rpcMethods } from "./rpc-methods.ts";
import { json, type Place, type Reply, type StandIn, type StandInRequest, serve } from "./server.ts";
import type { Fault, Temper } from "./temper.ts";

export interface RpcNodeOptions {
  readonly chain: Chain;
  readonly temper: Temper;
  readonly clock: Clock;
}

/**
 * Path at which Jito's block engines accept transactions; `?bundleOnly=true` makes it a bundle of its own.
 */
export const BLOCK_ENGINE_PATH = "/api/v1/transactions";

/** Path for transactions hidden from attackers: only the leader sees them before they land. */
export const PRIVATE_PATH = "/private";

const request = z.object({
  jsonrpc: z.literal("2.0"),
  id: z.union([z.string(), z.number(), z.null()]),
  method: z.string(),
  params: z.array(z.unknown()).optional(),
});

/** A stand-in for a Solana RPC node: JSON-RPC 2.0 over HTTP, single calls and batches, and `GET /health`. */
export function startRpcNode(options: RpcNodeOptions, place: Place): Promise<StandIn> {
  return serve((incoming) => answer(options, incoming), place);
}

async function answer(options: RpcNodeOptions, incoming: StandInRequest): Promise<Reply | "drop"> {
  // Whatever the weather: it is for who starts and watches this process.
  if (incoming.method === "GET" && incoming.url.pathname === "/health") return { status: 200, body: "ok" };
  if (incoming.method !== "POST") {
    return {
      status: 405,
      headers: { allow: "POST" },
      body: "Used HTTP Method is not allowed. POST is required",
    };
  }
  let body: unknown;
  try {
    body = JSON.parse(incoming.body);
  } catch {
    return json(200, failure(null, new RpcError(-32700, "Parse error")));
  }
  const calls = Array.isArray(body) ? body : [body];
  if (calls.length === 0) return json(200, failure(null, new RpcError(-32600, "Invalid request")));
  const fault = await options.temper.take(Math.max(...calls.map(medianMs)));
  if (fault === "dropped") return "drop";
  const refusal = fault && refuse(fault);
  if (refusal !== undefined) return refusal;
  const protection = protectionOf(incoming.url);
  const answers = calls.map((call) => run(options, call, protection, fault === "unhealthy"));
  const headers = protection === "jito" ? { "x-bundle-id": bundleId(incoming.body) } : {};
  return json(200, Array.isArray(body) ? answers : answers[0], headers);
}

function protectionOf({ pathname, searchParams }: URL): Protection {
  if (pathname === PRIVATE_PATH) return "private_rpc";
  return pathname === BLOCK_ENGINE_PATH && searchParams.get("bundleOnly") === "true" ? "jito" : "none";
}

function run(
  { chain, clock }: RpcNodeOptions,
  call: unknown,
  protection: Protection,
  unhealthy: boolean,
): object {
  const parsed = request.safeParse(call);
  if (!parsed.success) return failure(null, new RpcError(-32600, "Invalid request"));
  const { id, method, params = [] } = parsed.data;
  try {
    if (unhealthy) throw new RpcError(-32005, "Node is behind by 84 slots", { numSlotsBehind: 84 });
    const known = rpcMethods.get(method);
    if (known === undefined) throw new RpcError(-32601, "Method not found");
    return { jsonrpc: "2.0", result: known.call(params, { chain, nowMs: clock.now(), protection }), id };
  } catch (error) {
    return failure(id, error instanceof RpcError ? error : new RpcError(-32603, "Internal error"));
  }
}

function medianMs(call: unknown): number {
  const parsed = request.safeParse(call);
  return (parsed.success && rpcMethods.get(parsed.data.method)?.medianMs) || 2;
}

function failure(id: string | number | null, { code, message, data }: RpcError): object {
  return { jsonrpc: "2.0", error: data === undefined ? { code, message } : { code, message, data }, id };
}

function refuse(fault: Fault): Reply | undefined {
  if (fault === "rate_limited") {
    const error = { code: 429, message: "Too many requests for a specific RPC call" };
    return json(429, { jsonrpc: "2.0", error, id: null }, { "retry-after": "1" });
  }
  return fault === "server_error" ? { status: 500, body: "Internal Server Error" } : undefined;
}

/** Jito derives a bundle's id from its transactions with SHA-256. */
function bundleId(body: string): string {
  return createHash("sha256").update(body).digest("hex");
}

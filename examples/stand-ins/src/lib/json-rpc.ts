import { z } from "zod";
import type { Reply, Request } from "./server.ts";

/** An error of JSON-RPC. */
export class RpcError extends Error {
  readonly code: number;
  readonly data: unknown;

  constructor(code: number, message: string, data?: unknown) {
    super(message);
    this.code = code;
    this.data = data;
  }
}

/** The node has had too many requests: it answers so to HTTP. */
export class TooManyRequests extends Error {}

export type Methods = Readonly<Record<string, (params: readonly unknown[]) => unknown>>;

const call = z.object({
  id: z.union([z.string(), z.number()]),
  method: z.string(),
  params: z.array(z.unknown()).default([]),
});

/** Answers single calls. @param headers of the answer of a method */
export function jsonRpc(
  methods: Methods,
  headers: (method: string) => Readonly<Record<string, string>> = () => ({}),
): (request: Request) => Reply {
  return ({ body }) => {
    const { id, method, params } = call.parse(body);
    try {
      const known = methods[method];
      if (known === undefined) throw new RpcError(-32601, "Method not found");
      return { headers: headers(method), body: { jsonrpc: "2.0", result: known(params), id } };
    } catch (error) {
      if (error instanceof TooManyRequests) {
        const refusal = { code: 429, message: "Too many requests for a specific RPC call" };
        return {
          status: 429,
          headers: { "retry-after": "1" },
          body: { jsonrpc: "2.0", error: refusal, id: null },
        };
      }
      if (!(error instanceof RpcError)) throw error;
      const { code, message, data } = error;
      return { body: { jsonrpc: "2.0", error: { code, message, ...(data !== undefined && { data }) }, id } };
    }
  };
}

import { createHash } from "node:crypto";
import { z } from "zod";
import { jsonRpc, type Methods, RpcError } from "./json-rpc.ts";
import { type Market, tipAccount } from "./market.ts";
import type { Reply, Request } from "./server.ts";

/** Answers like Jito's block engine. */
export function jito(market: Market): (request: Request) => Reply {
  let newest = "";
  const take = (wires: readonly string[]): string | undefined => {
    newest = createHash("sha256").update(wires.join()).digest("hex");
    const [first] = wires.flatMap((wire) => market.sent(wire) ?? []);
    if (first === undefined) throw new RpcError(-32602, "bundle contains no swap");
    return first.signature;
  };
  const bundles = new Map<string, readonly string[]>();
  const methods: Methods = {
    getTipAccounts: () => [tipAccount],
    sendTransaction: ([wire]) => take([z.string().parse(wire)]),
    sendBundle: ([wires]) => {
      const signature = take(z.array(z.string()).parse(wires));
      bundles.set(newest, signature === undefined ? [] : [signature]);
      return newest;
    },
    getBundleStatuses: ([ids]) => ({
      context: { slot: market.slot },
      value: z
        .array(z.string())
        .parse(ids)
        .map((bundle_id) => ({
          bundle_id,
          transactions: bundles.get(bundle_id) ?? [],
          slot: market.slot,
          confirmation_status: "processed",
          err: { Ok: null },
        })),
    }),
  };
  return jsonRpc(
    methods,
    (method): Readonly<Record<string, string>> =>
      method === "sendTransaction" ? { "x-bundle-id": newest } : {},
  );
}

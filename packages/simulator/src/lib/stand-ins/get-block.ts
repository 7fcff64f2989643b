import { z } from "zod";
import { blockOf } from "./block.ts";
import { FINALIZED_AFTER_SLOTS, FORGET_AFTER_SLOTS } from "./chain.ts";
import { type RpcContext, RpcError, SLIPPAGE_EXCEEDED } from "./rpc-call.ts";

/** Returns finalized blocks, or confirmed ones on request. Older blocks are gone. */
export function getBlock(params: readonly unknown[], { chain, nowMs }: RpcContext): unknown {
  const slot = z.int().min(0).safeParse(params[0]);
  if (!slot.success) throw new RpcError(-32602, "Invalid params: expected a slot");
  const options = z
    .looseObject({
      commitment: z.enum(["confirmed", "finalized"]).optional(),
      encoding: z.string().optional(),
    })
    .safeParse(params[1] ?? {});
  if (!options.success) throw new RpcError(-32602, "Invalid params: commitment is confirmed or finalized");
  const { commitment = "finalized", encoding = "json" } = options.data;
  if (encoding !== "json")
    throw new RpcError(-32602, `Invalid params: encoding ${encoding} is not supported here`);
  const newest = chain.slot(nowMs);
  const delay = commitment === "finalized" ? FINALIZED_AFTER_SLOTS : 1;
  if (slot.data > newest - delay) throw new RpcError(-32004, `Block not available for slot ${slot.data}`);
  const oldest = Math.max(chain.firstSlot, newest - FORGET_AFTER_SLOTS);
  if (slot.data < oldest) {
    const message = `Block ${slot.data} cleaned up, does not exist on node. First available block: ${oldest}`;
    throw new RpcError(-32001, message);
  }
  const block = blockOf(chain, slot.data, nowMs, SLIPPAGE_EXCEEDED);
  if (block !== null) return block;
  throw new RpcError(
    -32007,
    `Slot ${slot.data} was skipped, or missing due to ledger jump to recent snapshot`,
  );
}

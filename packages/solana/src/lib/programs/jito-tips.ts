import { jitoTipAccounts } from "@slipstream/conventions";
import type { BlockTransaction } from "../block/model.ts";
import { systemTransfer } from "./system-transfer.ts";

/** Lamports that the transaction sent to Jito's tip accounts. */
export function jitoTip({ instructions, failed }: BlockTransaction): bigint {
  let tip = 0n;
  // A failed transaction moved nothing.
  if (failed) return tip;
  for (const instruction of instructions) {
    const transfer = systemTransfer(instruction);
    if (transfer !== undefined && jitoTipAccounts.has(transfer.to)) tip += transfer.lamports;
  }
  return tip;
}

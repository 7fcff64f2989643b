import { landingServices } from "@slipstream/conventions";
import type { BlockTransaction } from "../block/model.ts";
import { systemTransfer } from "./system-transfer.ts";

const tipAccounts: ReadonlySet<string> = new Set(landingServices.flatMap((service) => service.tipAccounts));

/** Lamports that the transaction sent to the known tip accounts of all landing services together. */
export function tipOf({ instructions, failed }: BlockTransaction): bigint {
  let tip = 0n;
  // A failed transaction moved nothing.
  if (failed) return tip;
  for (const instruction of instructions) {
    const transfer = systemTransfer(instruction);
    if (transfer !== undefined && tipAccounts.has(transfer.to)) tip += transfer.lamports;
  }
  return tip;
}

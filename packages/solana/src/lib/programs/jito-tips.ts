import type { BlockTransaction } from "../block/model.ts";
import { systemTransfer } from "./system-transfer.ts";

/** Jito's tip accounts on Solana's main network. Source: https://docs.jito.wtf/lowlatencytxnsend, getTipAccounts */
const tipAccounts: ReadonlySet<string> = new Set([
  "96gYZGLnJYVFmbjzopPSU6QiEV5fGqZNyN9nmNhvrZU5",
  "HFqU5x63VTqvQss8hp11i4wVV8bD44PvwucfZ2bU7gRe",
  "Cw8CFyM9FkoMi7K7Crf6HNQqf4uEMzpKw6QNghXLvLkY",
  "ADaUMid9yfUytqMBgopwjb2DTLSokTSzL1zt6iGPaS49",
  "DfXygSm4jCyNCybVYYK6DwvWqjKee8pbDmJGcLWNDXjh",
  "ADuUkR4vqLUMWXxW9gh6D6L8pMSawimctcNZ5pGwDcEt",
  "DttWaMuVvTiduZRnguLF7jNxTgiMBZ1hyAumKUiL2KRL",
  "3AVi9Tg9Uo68tJfuvoKvqKNWKkC5wPdSSdeBnizKZ6jT",
]);

/** Lamports that a transaction sent to Jito's tip accounts. */
export function jitoTip({ instructions, failed }: BlockTransaction): bigint {
  let tip = 0n;
  // A transaction that failed moved nothing.
  if (failed) return tip;
  for (const instruction of instructions) {
    const transfer = systemTransfer(instruction);
    if (transfer !== undefined && tipAccounts.has(transfer.to)) tip += transfer.lamports;
  }
  return tip;
}

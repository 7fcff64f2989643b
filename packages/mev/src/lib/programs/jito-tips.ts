import type { BlockTransaction } from "../block/model.ts";
import { instructionData } from "./data.ts";

const systemProgram = "11111111111111111111111111111111";
const transferTag = 2;

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

/**
 * Lamports that a transaction sent to Jito's tip accounts. A transfer of the System program: u32 tag 2, u64 lamports, both
 * little-endian; accounts from, to.
 */
export function jitoTip({ instructions, failed }: BlockTransaction): bigint {
  let tip = 0n;
  // A transaction that failed moved nothing.
  if (failed) return tip;
  for (const instruction of instructions) {
    const to = instruction.accounts[1];
    if (instruction.program !== systemProgram || to === undefined || !tipAccounts.has(to)) continue;
    const data = instructionData(instruction);
    if (data?.byteLength === 12 && data.getUint32(0, true) === transferTag) tip += data.getBigUint64(4, true);
  }
  return tip;
}

import { priorityFee } from "../../compute-budget.ts";
import { programId } from "../../programs/ids.ts";
import { lamportsTransferred } from "../../programs/system-transfer.ts";
import { type Tip, tipService, tipsOf } from "../../programs/tips.ts";
import type { WireInstruction, WireTransaction } from "./model.ts";

/** First byte of an instruction of the compute budget program, and its bytes. */
const setLimit = { tag: 2, bytes: 5 } as const;
const setPrice = { tag: 3, bytes: 9 } as const;

/** What a transaction asks for and offers. */
export interface WireFees {
  readonly computeUnitLimit: number | undefined;
  /** Micro-lamports; undefined for version 1, and if it offers none. */
  readonly computeUnitPrice: number | undefined;
  /**
   * undefined if it cannot be told: it depends on a limit that is not requested, or the price is no exact number.
   */
  readonly priorityFeeLamports: number | undefined;
  /** By service, the most first. Tips to accounts of look-up tables are not seen. */
  readonly tips: readonly Tip[];
}

/** Reads the compute budget: of version 1 its configuration, else the instructions. */
export function wireFees(transaction: WireTransaction): WireFees {
  const { config, instructions } = transaction;
  const tips = wireTips(transaction);
  if (config !== undefined) {
    const { computeUnitLimit, priorityFeeLamports = 0n } = config;
    return {
      computeUnitLimit,
      computeUnitPrice: undefined,
      priorityFeeLamports: exact(priorityFeeLamports),
      tips,
    };
  }
  const budget = instructions.filter(({ program }) => program === programId.computeBudget);
  const limit = view(budget, setLimit)?.getUint32(1, true);
  const price = view(budget, setPrice)?.getBigUint64(1, true);
  const exactPrice = price === undefined ? undefined : exact(price);
  return {
    computeUnitLimit: limit,
    computeUnitPrice: exactPrice,
    priorityFeeLamports: feeOf(limit, price, exactPrice),
    tips,
  };
}

function feeOf(
  limit: number | undefined,
  price: bigint | undefined,
  exactPrice: number | undefined,
): number | undefined {
  if (price === undefined || price === 0n) return 0;
  if (limit === undefined || exactPrice === undefined) return undefined;
  const fee = priorityFee(limit, exactPrice);
  return Number.isSafeInteger(fee) ? fee : undefined;
}

function view(
  budget: readonly WireInstruction[],
  { tag, bytes }: { readonly tag: number; readonly bytes: number },
): DataView | undefined {
  const data = budget.find(({ data }) => data[0] === tag && data.length >= bytes)?.data;
  return data === undefined ? undefined : new DataView(data.buffer, data.byteOffset, data.byteLength);
}

function exact(value: bigint): number | undefined {
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : undefined;
}

function wireTips({ instructions, account }: WireTransaction): readonly Tip[] {
  return tipsOf(
    instructions.flatMap(({ program, accounts, data }) => {
      const lamports = program === programId.system ? lamportsTransferred(data) : undefined;
      if (lamports === undefined) return [];
      const service = tipService(account(accounts[1] ?? -1) ?? "");
      return service === undefined ? [] : [{ service, lamports }];
    }),
  );
}

import { landingServices } from "@slipstream/conventions";
import type { BlockTransaction } from "../block/model.ts";
import { programId } from "./ids.ts";
import { systemTransfer } from "./system-transfer.ts";

/** What a landing service was paid. */
export interface Tip {
  /** Name of the service, as in `mev.protection`. */
  readonly service: string;
  readonly lamports: bigint;
}

const serviceOf: ReadonlyMap<string, string> = new Map(
  landingServices.flatMap(({ name, tipAccounts }) => tipAccounts.map((account) => [account, name])),
);

/** The service that an account takes tips for; undefined if it is no known tip account. */
export function tipService(account: string): string | undefined {
  return serviceOf.get(account);
}

/**
 * What the transaction sends to the known tip accounts, by service, the most first. If it failed, it offered
 * these tips and paid none of them.
 */
export function tipsIn({ instructions }: Pick<BlockTransaction, "instructions">): readonly Tip[] {
  let tips: Tip[] | undefined;
  for (const instruction of instructions) {
    if (instruction.program !== programId.system) continue;
    // Few accounts are tip accounts, and looking one up costs less than reading the data.
    const service = tipService(instruction.accounts[1] ?? "");
    const transfer = service === undefined ? undefined : systemTransfer(instruction);
    if (transfer === undefined || service === undefined) continue;
    tips ??= [];
    tips.push({ service, lamports: transfer.lamports });
  }
  return tips === undefined ? none : tipsOf(tips);
}

/** The sum of each service's tips, the most first. */
export function tipsOf(tips: readonly Tip[]): readonly Tip[] {
  if (tips.length < 2) return tips;
  const sums = new Map<string, bigint>();
  for (const { service, lamports } of tips) sums.set(service, (sums.get(service) ?? 0n) + lamports);
  return Array.from(sums, ([service, lamports]) => ({ service, lamports })).sort(mostFirst);
}

const none: readonly Tip[] = [];

function mostFirst(a: Tip, b: Tip): number {
  if (a.lamports !== b.lamports) return a.lamports > b.lamports ? -1 : 1;
  return a.service < b.service ? -1 : 1;
}

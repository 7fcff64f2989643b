import type { NamedOffer, SeenTips, VerdictEvidence } from "./model.ts";
import type { OwnSwaps } from "./own-swaps.ts";

/** The tips of a trade's transaction; null if it was not found, or if its tips were not recorded. */
export function seenTips(found: OwnSwaps | undefined): SeenTips | null {
  if (found === undefined) return null;
  const { swaps, attempted, undecoded, other } = found;
  const isPaid = attempted.length === 0 && other?.failed !== true;
  const [place] = [...swaps, ...attempted, ...undecoded];
  const tips = place?.tips ?? other?.tips;
  if (tips !== undefined) return { lamports: sum(tips), tips, isPaid };
  const lamports = place?.tipLamports;
  return lamports === undefined ? null : { lamports, tips: [], isPaid };
}

/** What the chain shows of a trade's tips; nothing if that is what the trade says. */
export function tipEvidence(named: NamedOffer | undefined, seen: SeenTips | null): VerdictEvidence[] {
  if (seen === null) return [];
  const evidence = [...paid(seen), ...difference(named, seen)];
  return evidence.map((detail) => ({ kind: "tip", detail }));
}

/** The protection that the tips show: the service that got the most; undefined if there is none. */
export function protectionByTip(seen: SeenTips | null): string | undefined {
  return seen?.tips[0]?.service;
}

function paid({ lamports, tips, isPaid }: SeenTips): string[] {
  if (lamports === 0n) return [];
  const end = isPaid ? "" : "; the transaction failed and paid none of it";
  if (tips.length === 0) return [`${lamports} lamports to landing services${end}`];
  return tips.map(({ service, lamports, transaction }) => {
    const where = transaction === undefined ? "" : ` in ${transaction}, the transaction next to it`;
    return `${lamports} lamports to ${service}${where}${end}`;
  });
}

function difference(named: NamedOffer | undefined, seen: SeenTips): string[] {
  const differences: string[] = [];
  const tip = named?.tipLamports ?? null;
  if (tip !== null && BigInt(tip) !== seen.lamports) {
    const instead =
      seen.lamports === 0n ? "no tip to a known account is in its transaction" : `it is ${seen.lamports}`;
    differences.push(`the trade names a tip of ${tip} lamports, but ${instead}`);
  }
  const protection = named?.protection ?? null;
  const services = seen.tips.map(({ service }) => service);
  if (protection !== null && services.length > 0 && !services.includes(protection)) {
    differences.push(`the trade names protection ${protection}, but the tip went to ${services.join(", ")}`);
  }
  return differences;
}

function sum(tips: SeenTips["tips"]): bigint {
  return tips.reduce((all, { lamports }) => all + lamports, 0n);
}

import type { CurrentStatistics } from "@slipstream/engine";
import { readCurrent, readOtherDesks } from "../aggregator/read.ts";

/** How many verdicts there are, without what depends on the order in which blocks were read. */
export interface VerdictCounts {
  readonly all: number;
  readonly provisional: number;
  readonly final: number;
  /** Of either state. */
  readonly unknown: number;
}

export function verdictCounts({ statistics }: CurrentStatistics): VerdictCounts {
  const entry = statistics.mev_trades;
  const series = entry !== undefined && "series" in entry ? entry.series : [];
  const sum = (label: string, value: string): number =>
    series.filter(({ labels }) => labels[label] === value).reduce((all, one) => all + Number(one.value), 0);
  const [provisional, final] = [sum("state", "provisional"), sum("state", "final")];
  return { all: provisional + final, provisional, final, unknown: sum("verdict", "unknown") };
}

/** As an aggregator serves them, of all desks. */
export async function verdictCountsAt(url: string): Promise<VerdictCounts> {
  const desks = ["", ...(await readOtherDesks(url))];
  return sumOfCounts(
    await Promise.all(desks.map(async (desk) => verdictCounts(await readCurrent(url, desk)))),
  );
}

export function sumOfCounts(counts: readonly VerdictCounts[]): VerdictCounts {
  const sum = (name: keyof VerdictCounts): number => counts.reduce((all, one) => all + one[name], 0);
  return { all: sum("all"), provisional: sum("provisional"), final: sum("final"), unknown: sum("unknown") };
}

export function sameCounts(a: VerdictCounts, b: VerdictCounts): boolean {
  return a.provisional === b.provisional && a.final === b.final && a.unknown === b.unknown;
}

import {
  attackCurve,
  type Estimate,
  type FeeReturn,
  feeReturn,
  lossCurve,
  lossUsd,
  type MevSummary,
  mevSummary,
  mevSummaryBy,
  type ProtectionValue,
  protectionValues,
  relativeAvoidance,
  type SizeCurve,
  type Vulnerability,
  vulnerabilities,
} from "@slipstream/mev";
import type { JudgedTrade } from "./judged-trade.ts";
import type { MissingTrades } from "./missing-trades.ts";
import type { ReportDimension } from "./report-dimension.ts";

export interface ReportGroup extends MevSummary {
  readonly label: string;
}

/** Those who took the most, or where it was taken. */
export interface LossBy {
  readonly label: string;
  readonly impacted: number;
  readonly avoided: number;
  /** Of the impacted trades whose loss is known. */
  readonly lossUsd: number;
}

/** What MEV did to the desk in a span of time: the answer of `/api/mev`. */
export interface MevReport {
  readonly from: string;
  readonly to: string;
  /** Whether there were more trades than are looked at: then it is of the newest. */
  readonly truncated: boolean;
  /** null: all trades of the span could be read. */
  readonly missing: MissingTrades | null;
  readonly by: ReportDimension;
  readonly overall: MevSummary;
  readonly relativeAvoidance: Estimate;
  readonly groups: readonly ReportGroup[];
  readonly attackers: readonly LossBy[];
  readonly pools: readonly LossBy[];
  readonly feeReturn: FeeReturn;
  readonly protections: readonly ProtectionValue[];
  readonly patterns: { readonly tested: number; readonly found: readonly Vulnerability[] };
  readonly curves: { readonly attack: SizeCurve; readonly loss: SizeCurve };
}

const MOST_GROUPS = 200;
const MOST_NAMED = 10;
const MOST_PATTERNS = 10;

export function mevReport(
  trades: readonly JudgedTrade[],
  about: {
    readonly from: string;
    readonly to: string;
    readonly by: ReportDimension;
    readonly truncated: boolean;
    readonly missing: MissingTrades | null;
  },
): MevReport {
  const records = trades.map(({ record }) => record);
  const groups = [...mevSummaryBy(records, about.by)].map(([label, summary]) => ({ label, ...summary }));
  const { patterns, tested } = vulnerabilities(records, { limit: MOST_PATTERNS });
  return {
    ...about,
    overall: mevSummary(records),
    relativeAvoidance: relativeAvoidance(records),
    groups: groups
      .sort((a, b) => (about.by === "hour" || about.by === "size" ? 0 : b.trades - a.trades))
      .slice(0, MOST_GROUPS),
    attackers: lossesBy(trades, ({ attacker }) => attacker),
    pools: lossesBy(trades, ({ pool }) => pool),
    feeReturn: feeReturn(records),
    protections: protectionValues(records),
    patterns: { tested, found: patterns },
    curves: { attack: attackCurve(records), loss: lossCurve(records) },
  };
}

function lossesBy(trades: readonly JudgedTrade[], key: (trade: JudgedTrade) => string | null): LossBy[] {
  const sums = new Map<string, { impacted: number; avoided: number; lossUsd: number }>();
  for (const trade of trades) {
    const label = key(trade);
    const { verdict } = trade.record;
    if (label === null || (verdict !== "impacted" && verdict !== "avoided")) continue;
    const sum = sums.get(label) ?? { impacted: 0, avoided: 0, lossUsd: 0 };
    sum[verdict] += 1;
    sum.lossUsd += lossUsd(trade.record) ?? 0;
    sums.set(label, sum);
  }
  return [...sums]
    .map(([label, sum]) => ({ label, ...sum }))
    .sort((a, b) => b.lossUsd - a.lossUsd || b.impacted - a.impacted || (a.label < b.label ? -1 : 1))
    .slice(0, MOST_NAMED);
}

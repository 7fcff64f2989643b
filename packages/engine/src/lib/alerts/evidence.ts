import {
  countText,
  elapsedText,
  type Rule,
  type TextLine,
  type TransitionCore,
  valueText,
} from "@slipstream/alerts";
import type { Exemplar, MetricFamily } from "@slipstream/exposition";
import type { LabelledStatisticValue } from "../model.ts";
import type { Entry } from "../statistics/statistic.ts";
import { readingsOf } from "./readings.ts";

/** Worst pairs or services that are named. */
const MOST_NAMED = 3;

/** What evidence is taken from: all as it is at the time of the transition. */
export interface EvidenceSource {
  /** A statistic by its name; undefined if there is none. @param seconds a window of a rule; null: the statistic's own */
  entry(statistic: string, seconds: number | null): Entry | undefined;
  /** The families for `/metrics` of a statistic, which may have exemplars. */
  families(statistic: string): readonly MetricFamily[];
  /** The newest trade that an attack impacted. */
  readonly lastImpacted: ImpactedTrade | undefined;
  /** The newest trade that failed. */
  readonly lastFailed: FailedTrade | undefined;
}

export interface ImpactedTrade {
  readonly signature: string;
  readonly pair: string;
  /** null: not known. */
  readonly lossUsd: number | null;
  readonly timeMs: number;
}

export interface FailedTrade {
  readonly traceId: string;
  /** Empty: it has none. */
  readonly signature: string;
  readonly reason: string;
  readonly timeMs: number;
}

/** Where the worst members of a statistic are found. */
interface Breakdown {
  readonly statistic: string;
  readonly label: string;
  readonly title: string;
  readonly worst: "highest" | "lowest";
  /** Members with fewer samples say too little. */
  readonly least: number;
}

const pairs = (statistic: string, worst: Breakdown["worst"], least: number): Breakdown => {
  return { statistic, label: "pair", title: "Worst pairs", worst, least };
};
const services = (statistic: string, least: number): Breakdown => {
  return { statistic, label: "service", title: "Worst services", worst: "highest", least };
};
const losses = pairs("mev_loss_usd_by_pair", "highest", 1);
const failures = pairs("success_rate_by_pair", "lowest", 5);

const breakdowns: Readonly<Record<string, Breakdown>> = {
  failure_rate: failures,
  success_rate: failures,
  trade_latency_p99: pairs("trade_latency_by_pair", "highest", 20),
  node_latency_p99: services("node_latency_by_service", 20),
  node_error_rate: services("node_error_rate_by_service", 5),
  jupiter_latency_p99: services("jupiter_latency_by_service", 20),
  database_latency_p99: services("database_latency_by_service", 20),
  mev_avoidance_rate: losses,
  mev_detection_rate: losses,
  mev_loss_usd: losses,
};

const FAILURES: ReadonlySet<string> = new Set(["failure_rate", "success_rate"]);
const ATTACKS: ReadonlySet<string> = new Set(["mev_avoidance_rate", "mev_detection_rate", "mev_loss_usd"]);

/** What an alert rests on, for the end of its text. */
export function evidenceOf(rule: Rule, core: TransitionCore, source: EvidenceSource): readonly TextLine[] {
  if (typeof rule.when === "string") return [];
  const { statistic, windowSeconds } = rule.when;
  const lines: TextLine[] = [];
  const own = seriesOf(source.entry(statistic, windowSeconds), core.labels);
  if (own !== undefined) lines.push(...samplesLine(own, core.unit));
  const breakdown = breakdowns[statistic];
  if (breakdown !== undefined) lines.push(...worstLine(breakdown, source));
  if (ATTACKS.has(statistic)) lines.push(...attackLine(source));
  if (FAILURES.has(statistic)) lines.push(...failureLine(source));
  const trace = slowTrace(core, source);
  if (trace !== undefined)
    lines.push({ label: "Trace", text: `${trace.traceId} (${valueText(1_000 * trace.value, "ms")})` });
  return lines;
}

/** The series that an alert is about. Its labels may have more than the series: those of the rule. */
export function seriesOf(
  entry: Entry | undefined,
  labels: Readonly<Record<string, string>>,
): LabelledStatisticValue | undefined {
  return readingsOf(entry).find((series) =>
    Object.entries(series.labels).every(([name, value]) => labels[name] === value),
  );
}

function samplesLine(
  { count, windowSeconds, interval }: LabelledStatisticValue,
  unit: string,
): readonly TextLine[] {
  if (count <= 1) return [];
  const within = windowSeconds === null || windowSeconds === 0 ? "" : ` in ${elapsedText(windowSeconds)}`;
  const { low = null, high = null } = interval ?? {};
  const ends = low === null || high === null ? [] : [valueText(low, unit), valueText(high, unit)];
  const range = ends[0] === ends[1] ? "" : `; 95 % interval: ${ends.join(" to ")}`;
  return [{ label: "Samples", text: `${countText(count)}${within}${range}` }];
}

function worstLine(
  { statistic, label, title, worst, least }: Breakdown,
  source: EvidenceSource,
): readonly TextLine[] {
  const sign = worst === "highest" ? -1 : 1;
  const members = readingsOf(source.entry(statistic, null))
    .filter(({ labels, count }) => count >= least && (labels.quantile ?? "0.99") === "0.99")
    .flatMap((series) => (typeof series.value === "number" ? [{ ...series, value: series.value }] : []))
    .sort((a, b) => sign * (a.value - b.value))
    .slice(0, MOST_NAMED);
  // Of a single member it says nothing that the alert does not say.
  if (members.length < 2) return [];
  const texts = members.map(({ labels, value, unit, count }) => {
    return `${labels[label] ?? ""} ${valueText(value, unit)} of ${countText(count)}`;
  });
  return [{ label: worst === "lowest" ? `${title} (succeeded)` : title, text: texts.join(", ") }];
}

function attackLine({ lastImpacted }: EvidenceSource): readonly TextLine[] {
  if (lastImpacted === undefined) return [];
  const { signature, pair, lossUsd } = lastImpacted;
  const lost = lossUsd === null ? "an unknown amount" : valueText(lossUsd, "usd");
  return [{ label: "Last impacted trade", text: `${pair} lost ${lost}, signature ${signature}` }];
}

function failureLine({ lastFailed }: EvidenceSource): readonly TextLine[] {
  if (lastFailed === undefined) return [];
  const { reason, traceId, signature } = lastFailed;
  const sent = signature === "" ? "" : `, signature ${signature}`;
  return [{ label: "Last failed trade", text: `${reason}, trace ${traceId}${sent}` }];
}

/** The newest call or trade that took longer than the threshold. */
function slowTrace(
  { statistic, threshold, unit, labels }: TransitionCore,
  source: EvidenceSource,
): Exemplar | undefined {
  if (statistic === null || unit !== "ms" || typeof threshold !== "number") return undefined;
  const exemplars = source
    .families(statistic)
    .flatMap((family) =>
      "histograms" in family
        ? family.histograms
            .filter((sample) =>
              Object.entries(sample.labels).every(([name, value]) => labels[name] === value),
            )
            .flatMap((sample) => sample.exemplars)
        : [],
    );
  return exemplars
    .flatMap((exemplar) => (exemplar !== undefined && 1_000 * exemplar.value >= threshold ? [exemplar] : []))
    .sort((a, b) => b.timestamp - a.timestamp)[0];
}

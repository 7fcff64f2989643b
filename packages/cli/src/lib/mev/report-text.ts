import type { LossBy, MevReport } from "@slipstream/aggregator";
import { quantity } from "@slipstream/conventions";
import { cut, fixed, percent, whole } from "../view/format.ts";
import { factorText, missingText, shareText, tableText, usd, usdText } from "./numbers.ts";
import { whatToChange } from "./what-to-change.ts";

const MOST_ROWS = 12;
const ADDRESS = 44;

/** What MEV did to a desk, for people. @param desk undefined: the aggregator's own */
export function mevReportText(report: MevReport, desk?: string): string {
  const { overall, from, to, truncated } = report;
  const time = (iso: string): string => iso.replace("T", " ").slice(0, 16);
  const of = desk === undefined ? "" : ` of desk ${desk}`;
  if (overall.trades === 0 && report.missing === null)
    return `No trades${of} from ${time(from)} to ${time(to)} UTC. An aggregator writes them up to 5 seconds after they came.`;
  return [
    `MEV on ${quantity(overall.trades, "trade")}${of}, ${time(from)} to ${time(to)} UTC${truncated ? " (the newest of them)" : ""}`,
    ...missingText(report),
    "",
    ...summaryLines(report),
    ...groupLines(report),
    ...lossLines("Who took it", "attacker", report.attackers),
    ...lossLines("Where", "pool", report.pools),
    "",
    "What to change",
    ...adviceLines(report),
  ].join("\n");
}

function summaryLines({ overall, relativeAvoidance, feeReturn }: MevReport): string[] {
  const { trades, onChain, impacted, avoided, clean, loss } = overall;
  const { usd: dollars, bps } = loss;
  const unknown = onChain - impacted - avoided - clean;
  const absent =
    trades === onChain ? "" : `; ${quantity(trades - onChain, "failed trade")} without a slot left out`;
  return [
    `Verdicts   ${whole(impacted)} impacted, ${whole(avoided)} avoided, ${whole(clean)} clean, ${whole(unknown)} unknown${absent}`,
    `Attacked   ${attackedText(overall)}`,
    `Avoided    ${avoidedText(overall)}`,
    ...relativeLines(relativeAvoidance),
    `Lost       ${lostText(overall)}`,
    ...(dollars.mean.value === null
      ? []
      : [
          `           each: mean ${usdText(dollars.mean)}, median ${usd(dollars.median.value)}, P95 ${usd(dollars.p95.value)}; ` +
            `${fixed(bps.total.value ?? 0, 2)} bps of all that was traded`,
        ]),
    `Fees       ${feeReturn.ratio.value === null ? feeReturn.finding : `returned ${factorText(feeReturn.ratio)} per dollar above the cohort's: ${feeReturn.finding}`}`,
  ];
}

/** The rates leave out trades near which something could not be read: if there are any, how many are left is said. */
function attackedText({ detection, impacted, avoided, clean }: MevReport["overall"]): string {
  if (detection.value === null) return shareText(detection);
  const isAll = detection.count === impacted + avoided + clean;
  const of = isAll ? "those with a verdict" : `the ${whole(detection.count)} near which all could be read`;
  return `${shareText(detection)} of ${of}`;
}

function avoidedText({ detection, avoidance, impacted, avoided }: MevReport["overall"]): string {
  if (avoidance.value !== null) {
    const isAll = avoidance.count === impacted + avoided;
    return `${shareText(avoidance)} of ${isAll ? "the attacks" : `the ${quantity(avoidance.count, "attack")} on these`}`;
  }
  return detection.value === null ? shareText(avoidance) : (avoidance.reason ?? "–");
}

/** What was lost. Trades without a verdict may have lost something too, so they are never part of "nothing". */
function lostText({ onChain, impacted, avoided, clean, loss }: MevReport["overall"]): string {
  if (impacted > 0) {
    const notKnown = loss.unknown === 0 ? "" : `; the loss of ${loss.unknown} is not known`;
    return `${usdText(loss.usd.total)} by ${quantity(impacted, "trade")}${notKnown}`;
  }
  const known = avoided + clean;
  if (known === 0 && onChain > 0) return "unknown: no trade has a verdict other than unknown";
  return known === onChain
    ? "nothing: no trade was impacted"
    : `nothing by the ${quantity(known, "trade")} with a verdict: none was impacted`;
}

/** Says which are hit less often only if the interval does. */
function relativeLines(relative: MevReport["relativeAvoidance"]): string[] {
  const { value, interval } = relative;
  const { low = null, high = null } = interval ?? {};
  if (value === null) return [];
  const isOpen = low === null || high === null || (low <= 0 && high >= 0);
  const what = isOpen
    ? "it is not certain whether protected trades are hit less often than unprotected ones like them"
    : value > 0
      ? "protected trades were hit less often than unprotected ones like them"
      : "protected trades were hit more often than unprotected ones like them";
  return [`           ${what}: ${shareText(relative)} less`];
}

function groupLines({ by, groups }: MevReport): string[] {
  if (groups.length === 0) return [];
  const rows = groups
    .slice(0, MOST_ROWS)
    .map(({ label, trades, impacted, avoided, detection, loss }) => [
      cut(label, 24),
      whole(trades),
      detection.value === null ? "–" : percent(100 * detection.value),
      whole(impacted),
      whole(avoided),
      loss.usd.total.value === null ? "–" : usd(loss.usd.total.value),
    ]);
  const more = groups.length > MOST_ROWS ? [`and ${groups.length - MOST_ROWS} more (--json)`] : [];
  return ["", ...tableText([by, "trades", "attacked", "impacted", "avoided", "lost"], rows), ...more];
}

function lossLines(title: string, what: string, losses: readonly LossBy[]): string[] {
  if (losses.length === 0) return [];
  const rows = losses
    .slice(0, 5)
    .map(({ label, impacted, avoided, lossUsd }) => [
      cut(label, ADDRESS),
      whole(impacted),
      whole(avoided),
      usd(lossUsd),
    ]);
  return ["", title, ...tableText([what, "impacted", "avoided", "lost"], rows)];
}

function adviceLines(report: MevReport): string[] {
  const advice = whatToChange(report);
  if (advice.length > 0) return advice.map((line) => `- ${line}`);
  const { tested } = report.patterns;
  return [
    `Nothing that the numbers show for certain (${quantity(tested, "combination")} of properties tested).`,
  ];
}

import { DOCTOR_SERVICE, quantity } from "@slipstream/conventions";
import type { CurrentStatistics, RefusedValue, ServiceCounts } from "@slipstream/engine";
import { fixed } from "../view/format.ts";
import type { Finding } from "./check.ts";

const check = "Services";
/** Most kinds of refused values that are reported for a service. */
const MOST_KINDS = 4;

const remedies: Readonly<Record<string, string>> = {
  absent:
    "set trade.status to success or failed on each trade.execute span, and a value on each point of a gauge",
  wrong_type:
    "set the attribute with the type of docs/attributes.md: a number is no text, and nothing is an array",
  unknown_word: "use the words of docs/attributes.md; only trade.status success is a success",
  implausible: "look for a wrong unit or an uninitialized field where the service sets it",
  ends_before_start: "let its machine slew its clock (chrony, ntpd) instead of setting it back",
  delta:
    "export the metric with cumulative temporality (OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE=cumulative)",
  monotonic: "use a gauge or an up-down counter, which can also fall",
  distribution: "give the histogram another name, and report the value itself by a gauge",
};

/** That a service's clock is wrong, or that it sends what cannot be true. */
export function troublesOf(name: string, counts: ServiceCounts): Finding[] {
  return [...clockFindings(name, counts), ...refusedFindings(name, counts.refusedValues ?? [])];
}

function clockFindings(name: string, { clockAhead = 0, clockBehindSeconds = 0 }: ServiceCounts): Finding[] {
  const remedy = "let its machine and the aggregator's keep their time with NTP (timedatectl set-ntp true)";
  const behind: Finding = {
    check,
    outcome: "warn",
    text:
      `${name}: its clock is ${fixed(clockBehindSeconds, 1)} s behind the aggregator's, ` +
      "or its data is held up that long on the way; it is placed by when it arrives",
    remedy,
  };
  const ahead: Finding = {
    check,
    outcome: "warn",
    text: `${name}: its clock was ahead of the aggregator's by more than 5 s for ${quantity(clockAhead, "span")}, placed by when they arrived`,
    remedy,
  };
  return [...(clockBehindSeconds > 0 ? [behind] : []), ...(clockAhead > 0 ? [ahead] : [])];
}

function refusedFindings(name: string, refused: readonly RefusedValue[]): Finding[] {
  const shown = refused.slice(0, MOST_KINDS).map(({ attribute, reason, count, examples }): Finding => {
    const values = examples.length === 0 ? "" : `: ${examples.map((one) => JSON.stringify(one)).join(", ")}`;
    const remedy = remedies[reason];
    return {
      check,
      outcome: "warn",
      text: `${name}: ${attribute} ${reason.replaceAll("_", " ")} ${quantity(count, "time")}, not counted${values}`,
      ...(remedy === undefined ? {} : { remedy }),
    };
  });
  const more = refused.length - shown.length;
  if (more <= 0) return shown;
  return [
    ...shown,
    { check, outcome: "warn", text: `${name}: ${quantity(more, "more kind")} of values; see /api/current` },
  ];
}

/** That a service marks its spans as canaries, so that they are in no statistic. @param spans `canary_spans` of `/api/current` */
export function canariesOf(spans: CurrentStatistics["statistics"][string] | undefined): Finding[] {
  if (spans === undefined || !("series" in spans)) return [];
  return spans.series
    .filter(({ labels }) => labels.service !== DOCTOR_SERVICE)
    .map(({ labels: { service = "" }, count }) => ({
      check,
      outcome: "warn",
      text: `${service}: ${quantity(count, "span")} with slipstream.canary, in no statistic`,
      remedy: "remove the attribute from its trades, unless it only tests the pipeline",
    }));
}

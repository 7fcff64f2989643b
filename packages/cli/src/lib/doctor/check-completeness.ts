import { quantity } from "@slipstream/conventions";
import type { ServiceCounts } from "@slipstream/engine";
import { gapText, percentOf } from "../view/coverage.ts";
import { percent, whole } from "../view/format.ts";
import type { Finding } from "./check.ts";

const check = "Completeness";
/** Gaps that are told of a service. */
const MOST_GAPS = 3;

/** How much of what a service's processes ended has arrived at the running aggregator. */
export function completenessOf(name: string, counts: ServiceCounts): Finding {
  const { ended, missing, reason, gaps = [] } = counts;
  if (ended === null || missing === null) {
    return { check, outcome: "ok", text: `${name}: not known, ${reason ?? "it does not say why"}` };
  }
  if (missing === 0) {
    return { check, outcome: "ok", text: `${name}: statistics cover all of ${quantity(ended, "span")}` };
  }
  const named = gaps.slice(0, MOST_GAPS).map((gap) => `${gapText(gap)} (since ${gap.since.slice(0, 19)}Z)`);
  const all = gaps.length > MOST_GAPS ? [...named, "..."] : named;
  return {
    check,
    outcome: "warn",
    text:
      `${name}: statistics cover ${percent(percentOf(missing, ended), 2)}: ${whole(missing)} of ${quantity(ended, "span")} ` +
      `${missing === 1 ? "has" : "have"} not arrived${all.length === 0 ? "" : `, numbers ${all.join(", ")}`}`,
    remedy:
      "they may be under way; else look at what the service's exporter, or a Collector between, says it dropped",
  };
}

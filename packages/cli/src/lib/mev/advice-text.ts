import type { AdviceAnswer } from "@slipstream/aggregator";
import { percent, whole } from "../view/format.ts";
import { missingText, shareText, usd } from "./numbers.ts";

/** What to offer, for people; or how little is known. */
export function adviceText(answer: AdviceAnswer): string {
  const { pair, sizeUsd, urgency, slippageBps } = answer;
  const about = [
    pair,
    usd(sizeUsd),
    urgency === null ? "any urgency" : `urgency ${urgency}`,
    slippageBps === null ? [] : `slippage up to ${slippageBps} bps`,
  ]
    .flat()
    .join(", ");
  const missing = missingText(answer);
  if (answer.advice === null) return [`${about}: ${answer.reason}`, ...missing].join("\n");
  const { advice, others } = answer;
  const offer = `priority fee ${whole(advice.priorityFeeLamports)} lamports, tip ${whole(advice.tipLamports)} lamports`;
  return [
    `${about}: ${advice.isWorthSending ? `send it by ${advice.protection}` : `better not sent (best: ${advice.protection})`}, ${offer}`,
    `  expected   ${usd(advice.expectedUsd)} after ${usd(advice.costUsd)} of fees; landing is worth ${usd(advice.worthUsd)}`,
    `  lands      ${shareText(advice.landing)}, n = ${whole(advice.landing.count)}`,
    `  sandwiched ${shareText(advice.attack)}, n = ${whole(advice.attack.count)}; it would cost ${usd(advice.lossUsd)}`,
    ...advice.evidence.map((line) => `  evidence   ${line}`),
    ...others.map(
      ({ protection, expectedUsd, landing }) =>
        `  else       ${protection}: ${usd(expectedUsd)} expected, lands ${percent(100 * (landing.value ?? 0))}`,
    ),
    ...answer.reasons.map((reason) => `  not known  ${reason}`),
    ...missing.map((line) => `  not known  ${line}`),
  ].join("\n");
}

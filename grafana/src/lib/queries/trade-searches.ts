import { attribute, spanName, VERDICT_SPAN, verdictAttribute } from "@slipstream/conventions";
import { ruleThreshold } from "../build/thresholds.ts";

const thresholdMs = (rule: string): string => `${ruleThreshold(rule) * 1000}ms`;

/** Trades that take longer than the alert allows 99 % of them. */
export const slowTrades: string = `{ name = "${spanName.tradeExecute}" && duration > ${thresholdMs("trade-latency-high")} }`;

/** Trades that were rejected, reverted or expired. */
export const failedTrades: string = `{ name = "${spanName.tradeExecute}" && span.${attribute.tradeStatus} = "failed" }`;

/** Calls of the node that take longer than the alert allows 99 % of them. */
export const slowCalls: string = `{ name = "${spanName.solanaRpc}" && duration > ${thresholdMs("node-latency-critical")} }`;

/** Verdicts on attacked trades: spans of the aggregator, each linked to its trade. */
export const attackedTrades: string = `{ name = "${VERDICT_SPAN}" && span.${verdictAttribute.verdict} =~ "impacted|avoided" }`;

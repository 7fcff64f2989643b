import { SlipstreamError } from "@slipstream/conventions";
import type { AlertAnswer, AlertsAnswer } from "../client/alerts-schema.ts";
import { ClientError } from "../client/client-error.ts";

/** @throws ClientError if the aggregator is one that has no alerts */
export function expected(answer: AlertsAnswer | undefined, endpoint: string): AlertsAnswer {
  if (answer !== undefined) return answer;
  throw new ClientError("refused", `The aggregator at ${endpoint} has no alerts: it is an older version`);
}

/** @throws SlipstreamError `failed`, without a message, if an alert fires that nobody has acknowledged, and nothing mutes */
export function unattended(alerts: readonly AlertAnswer[]): void {
  const left = alerts.filter(
    ({ state, acknowledged, silencedBy, inhibitedBy }) =>
      state === "firing" && acknowledged === null && silencedBy === null && inhibitedBy === null,
  );
  // They have been printed.
  if (left.length > 0) throw new SlipstreamError("failed", "");
}

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Transition, UserRule } from "@slipstream/alerts";

/** Names of the channels: one is told of everything, the other of some, and fails for half of a round. */
export const channelNames = ["all", "some"] as const;
export type ChannelName = (typeof channelNames)[number];

/** The channel `some` is told of these only when they escalate. */
const ESCALATING = "breaker";

/** Rules whose alerts come and go within seconds under the load; the shipped ones are there too. */
const rules: readonly UserRule[] = [
  {
    id: ESCALATING,
    severity: "warning",
    when: "circuit_breaker_state == open",
    suppress: 1,
    escalation: { after: 2, channels: ["some" satisfies ChannelName] },
    mutes: ["positions"],
  },
  {
    id: "positions",
    severity: "info",
    when: "active_positions_by_service > 20",
    suppress: 3,
    labels: { team: "risk" },
  },
  {
    id: "down",
    severity: "warning",
    when: "dependency_up == down",
    for: 0.3,
    clearFor: 0.5,
    suppress: 1,
    escalation: { after: 2 },
  },
  { id: "failures", severity: "critical", when: "failure_rate[5s] > 10 %", minSamples: 1, suppress: 2 },
];

/** Whether a channel is told of what begins, and so of its end. */
export function isFor(channel: ChannelName, { rule, severity, channels }: Transition): boolean {
  return channel === "all" || (rule !== ESCALATING && severity !== "info") || channels.includes(channel);
}

/**
 * Writes the configuration of an aggregator that has these rules and channels.
 *
 * @param urls of the receivers
 * @returns its path
 */
export function writeAlertConfig(folder: string, urls: Readonly<Record<ChannelName, string>>): string {
  const path = join(folder, "alerts.config.mjs");
  const channels = {
    all: { type: "webhook", url: urls.all },
    some: { type: "webhook", url: urls.some, minSeverity: "warning", match: `alertname!=${ESCALATING}` },
  };
  const config = { rules, channels };
  writeFileSync(path, `export default ${JSON.stringify(config, null, 2)};\n`);
  return path;
}

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { UserRule } from "@slipstream/alerts";

/** Name of the channel that the receiver is. */
export const CHANNEL = "hook";

/** Rules whose alerts come and go within seconds under the load; the shipped ones are there too. */
const rules: readonly UserRule[] = [
  {
    id: "breaker",
    severity: "warning",
    when: "circuit_breaker_state == open",
    suppress: 1,
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

/**
 * Writes the configuration of an aggregator that has these rules and tells the receiver of all.
 * @returns its path
 */
export function writeAlertConfig(folder: string, url: string): string {
  const path = join(folder, "alerts.config.mjs");
  const config = { rules, channels: { [CHANNEL]: { type: "webhook", url } } };
  writeFileSync(path, `export default ${JSON.stringify(config, null, 2)};\n`);
  return path;
}

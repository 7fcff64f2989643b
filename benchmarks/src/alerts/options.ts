import { parseArgs } from "node:util";

export interface AlertsOptions {
  readonly json: boolean;
  readonly quick: boolean;
  /** Alerts that Slipstream is to send. */
  readonly alerts: number;
  /** Alerts of Prometheus; 0: it is not measured. */
  readonly prometheusAlerts: number;
}

export const usage = `Usage: npm run bench:alerts -- [--alerts N] [--quick] [--json]

How long an alert takes: from when a record that makes its condition true is sent, to when a receiver of webhooks has the
notification. Beside it a trading service sends 100 trades a second with 7 spans each. In the same run the same for
Prometheus and Alertmanager, if they are installed: a scrape and an evaluation each 15 s, group_wait 30 s. A run takes
about two minutes.

  --alerts N  alerts that Slipstream sends (default 300), and a third as many of a statistic that it reads less often
  --quick     40 alerts, without Prometheus: it shows that everything runs
  --json      JSON instead of text
`;

const PROMETHEUS_ALERTS = 100;

/** @throws TypeError that names the wrong argument. */
export function parseOptions(args: readonly string[]): AlertsOptions | "help" {
  const { values } = parseArgs({
    args: [...args],
    options: {
      alerts: { type: "string" },
      quick: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) return "help";
  const { json, quick, alerts: given = quick ? "40" : "300" } = values;
  const alerts = Number(given);
  if (!Number.isInteger(alerts) || alerts < 1)
    throw new TypeError(`--alerts: "${given}" is not a whole number from 1 on`);
  return { json, quick, alerts, prometheusAlerts: quick ? 0 : PROMETHEUS_ALERTS };
}

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { seededRandom } from "@slipstream/stats";
import { startAlertmanager } from "@slipstream/testing/alertmanager-server";
import { startPrometheus } from "@slipstream/testing/prometheus-server";
import type { Stopwatches } from "./delays.ts";
import { serve } from "./server.ts";

const ALERT = "benchmark-positions";

/** Prometheus, Alertmanager and what they scrape, running. */
export interface PrometheusSide {
  /** Makes conditions true at random moments within so many seconds. They stay so. */
  fire(alerts: number, seconds: number): Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts them with usual settings. An alert is a group of its own, so that none waits for the next notification of a group.
 * @throws Error if they are not installed
 */
export async function startPrometheusSide(directory: string, watches: Stopwatches): Promise<PrometheusSide> {
  const values = new Map<string, number>();
  const server = await serve((path, body) => {
    if (path === "/hook") note(body, watches);
    return path === "/metrics" ? exposition(values) : "";
  });
  const closing: (() => Promise<void>)[] = [() => server.close()];
  const close = async (): Promise<void> => {
    for (const each of closing.toReversed()) await each();
  };
  try {
    const alertmanagerConfig = join(directory, "alertmanager.yml");
    writeFileSync(alertmanagerConfig, alertmanagerYaml(`${server.url}/hook`));
    const alertmanager = await startAlertmanager(alertmanagerConfig);
    closing.push(() => alertmanager.close());
    const rules = join(directory, "rules.yml");
    writeFileSync(rules, rulesYaml);
    const targets = { scraped: new URL(server.url).host, alertmanager: new URL(alertmanager.url).host };
    const prometheus = await startPrometheus(prometheusYaml(rules, targets));
    closing.push(() => prometheus.close());
  } catch (error) {
    await close();
    throw error;
  }
  return {
    async fire(alerts, seconds) {
      const random = seededRandom(2);
      for (let n = 0; n < alerts; n += 1) values.set(`probe-${n}`, 1);
      for (let n = 0; n < alerts; n += 1) {
        await sleep(2 * random() * ((1_000 * seconds) / alerts));
        watches.start(`probe-${n}`);
        values.set(`probe-${n}`, 101);
      }
    },
    close,
  };
}

function note(body: string, watches: Stopwatches): void {
  const { alerts } = JSON.parse(body) as {
    alerts: { status: string; labels: { service?: string } }[];
  };
  for (const { status, labels } of alerts) if (status === "firing") watches.stop(labels.service ?? "");
}

function exposition(values: ReadonlyMap<string, number>): string {
  const samples = Array.from(values, ([service, value]) => `positions{service="${service}"} ${value}\n`);
  return `# TYPE positions gauge\n${samples.join("")}`;
}

const rulesYaml = `groups:
  - name: benchmark
    rules:
      - alert: ${ALERT}
        expr: positions > 100
`;

function prometheusYaml(
  rules: string,
  { scraped, alertmanager }: { readonly scraped: string; readonly alertmanager: string },
): string {
  return `global: { scrape_interval: 15s, evaluation_interval: 15s }
rule_files: ["${rules}"]
scrape_configs:
  - job_name: benchmark
    static_configs: [{ targets: ["${scraped}"] }]
alerting:
  alertmanagers:
    - static_configs: [{ targets: ["${alertmanager}"] }]
`;
}

function alertmanagerYaml(receiver: string): string {
  return `route: { receiver: benchmark, group_by: ["..."], group_wait: 30s }
receivers:
  - name: benchmark
    webhook_configs: [{ url: "${receiver}" }]
`;
}

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "slipstream-stack/free-port";
import { alertmanagerArguments } from "slipstream-stack/parts/alertmanager";
import { z } from "zod";
import { requireProgram, startProcess, untilServing } from "./real-process.ts";

/** An alert as Alertmanager shows it. Those that have resolved are not shown. */
export interface ShownAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** ISO 8601. */
  readonly startsAt: string;
  /** ISO 8601. */
  readonly endsAt: string;
  readonly status: {
    readonly state: "unprocessed" | "active" | "suppressed";
    readonly inhibitedBy: readonly string[];
  };
}

const alertsSchema: z.ZodType<readonly ShownAlert[]> = z.array(
  z.object({
    labels: z.record(z.string(), z.string()),
    annotations: z.record(z.string(), z.string()),
    startsAt: z.string(),
    endsAt: z.string(),
    status: z.object({
      state: z.enum(["unprocessed", "active", "suppressed"]),
      inhibitedBy: z.array(z.string()),
    }),
  }),
);

/** A real Alertmanager on a loopback port of its own. */
export interface AlertmanagerServer {
  readonly url: string;
  /** @param matchers that all must match, such as `alertname="x"` */
  alerts(...matchers: readonly string[]): Promise<readonly ShownAlert[]>;
  /** Sends alerts as others do, Prometheus for one. */
  post(alerts: readonly object[]): Promise<void>;
  /** Kills it at once. What it knew of alerts is lost. */
  kill(): Promise<void>;
  /** Starts it again on the same port. */
  restart(): Promise<void>;
  /** Ends it and removes its files. */
  close(): Promise<void>;
}

/**
 * Starts Debian's Alertmanager.
 *
 * @param config file of its configuration
 */
export async function startAlertmanager(config: string): Promise<AlertmanagerServer> {
  requireProgram("prometheus-alertmanager", "prometheus-alertmanager");
  const directory = mkdtempSync(join(tmpdir(), "slipstream-alertmanager-"));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const args = alertmanagerArguments(config, join(directory, "data"), port);
  const start = async (): Promise<ReturnType<typeof startProcess>> => {
    const started = startProcess("prometheus-alertmanager", args, directory);
    await untilServing("prometheus-alertmanager", started, async () => (await fetch(`${url}/-/ready`)).ok);
    return started;
  };
  let running = await start();
  return {
    url,
    async alerts(...matchers) {
      const query = new URLSearchParams(matchers.map((matcher): [string, string] => ["filter", matcher]));
      const response = await fetch(`${url}/api/v2/alerts?${query}`);
      return alertsSchema.parse(await response.json());
    },
    async post(posted) {
      const headers = { "content-type": "application/json" };
      const body = JSON.stringify(posted);
      const response = await fetch(`${url}/api/v2/alerts`, { method: "POST", headers, body });
      if (!response.ok) throw new Error(`Alertmanager answered ${response.status}: ${await response.text()}`);
    },
    kill: () => running.kill(),
    async restart() {
      await running.kill();
      running = await start();
    },
    async close() {
      await running.kill();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { serviceMetrics } from "@slipstream/conventions";
import { seededRandom } from "@slipstream/stats";
import type { Stopwatches } from "./delays.ts";

const RULE = "benchmark-positions";
/** Each of the services fires again after longer than this. */
const SUPPRESS_S = 1;
const PAUSE_MS = 75;
/** The time of points: services send them some time after they were read, and event time has passed it then. */
const POINT_AGE_MS = 3_000;

/** Writes a configuration with the shipped rules, and one that fires at once. @returns its path */
export function writeConfig(directory: string, receiver: string): string {
  const path = join(directory, "alerts.config.mjs");
  const config = {
    rules: [
      {
        id: RULE,
        severity: "warning",
        when: `active_positions_by_service{service=~"probe-.*"} > 100`,
        suppress: SUPPRESS_S,
        escalation: false,
      },
    ],
    channels: { benchmark: { type: "webhook", url: receiver } },
  };
  writeFileSync(path, `export default ${JSON.stringify(config)};\n`);
  return path;
}

/** Notes the notification of a firing. */
export function noteWebhook(body: string, watches: Stopwatches): void {
  const { data } = JSON.parse(body) as {
    data: { rule: string; kind: string; value: number; labels: { service?: string } };
  };
  // A value is sent once only, so that it says which of the alerts of its service it is.
  if (data.rule === RULE && data.kind === "firing") watches.stop(nameOf(data.labels.service, data.value));
}

/** Most time that `fire` takes for an alert, s, unless the aggregator is slow. */
export const SECONDS_PER_ALERT = 0.2;

/** Alerts that take turns, so that each resolves before it fires again. */
export interface Turns {
  readonly alerts: number;
  /** Services that they are of: as many series the statistic has. Names that others have not. */
  readonly services: number;
  readonly name: string;
}

/** Makes conditions true and false again, one after the other. */
export async function fire(
  url: string,
  { alerts, services, name }: Turns,
  watches: Stopwatches,
): Promise<void> {
  const random = seededRandom(1);
  for (let n = 0; n < alerts; ) {
    const round = Math.min(services, alerts - n);
    for (let i = 0; i < round; i += 1) {
      const [service, value] = [`probe-${name}-${i}`, 101 + n + i];
      watches.start(nameOf(service, value));
      await send(url, service, value);
      await sleep(2 * PAUSE_MS * random());
    }
    for (let i = 0; i < round; i += 1) {
      await send(url, `probe-${name}-${i}`, 1);
      await sleep(2 * PAUSE_MS * random());
    }
    n += round;
  }
}

function nameOf(service: string | undefined, value: number): string {
  return `${service} ${value}`;
}

async function send(url: string, service: string, value: number): Promise<void> {
  const timeUnixNano = `${Date.now() - POINT_AGE_MS}000000`;
  const metrics = [
    { name: serviceMetrics.openPositions.name, gauge: { dataPoints: [{ timeUnixNano, asDouble: value }] } },
  ];
  const resource = { attributes: [{ key: "service.name", value: { stringValue: service } }] };
  const response = await fetch(`${url}/v1/metrics`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ resourceMetrics: [{ resource, scopeMetrics: [{ metrics }] }] }),
  });
  if (!response.ok) throw new Error(`the aggregator answered ${response.status}: ${await response.text()}`);
  await response.arrayBuffer();
}

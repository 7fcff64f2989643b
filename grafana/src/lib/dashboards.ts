import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import { dashboard } from "./build/dashboard.ts";
import { alerts } from "./dashboards/alerts.ts";
import { health } from "./dashboards/health.ts";
import { latency } from "./dashboards/latency.ts";
import { mev } from "./dashboards/mev.ts";
import { trading } from "./dashboards/trading.ts";

/** All dashboards, the home dashboard first. */
export function dashboards(): readonly Dashboard[] {
  return [trading(), latency(), mev(), health(), alerts()].map(dashboard);
}

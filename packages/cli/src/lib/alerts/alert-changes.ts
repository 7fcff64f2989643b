import { valueText } from "@slipstream/alerts";
import type { AlertAnswer, AlertsAnswer } from "../client/alerts-schema.ts";

/** What changed between two answers, a line for each alert. */
export function alertChanges(before: AlertsAnswer | undefined, after: AlertsAnswer | undefined): string[] {
  if (before === undefined || after === undefined) return [];
  const [was, is] = [firing(before), firing(after)];
  const resolved = [...was.keys()].filter((id) => !is.has(id)).map((id) => `resolved: ${id}`);
  const others = [...is.values()].flatMap((alert) => {
    const change = changeOf(was.get(alert.id), alert);
    return change === undefined ? [] : [change];
  });
  return [...resolved, ...others];
}

function firing({ alerts }: AlertsAnswer): ReadonlyMap<string, AlertAnswer> {
  return new Map(alerts.filter(({ state }) => state === "firing").map((alert) => [alert.id, alert]));
}

function changeOf(before: AlertAnswer | undefined, after: AlertAnswer): string | undefined {
  const { id, severity, value, unit, episode, acknowledged } = after;
  if (before === undefined || before.episode !== episode) {
    return `${severity}: ${id} fires${value === null ? "" : ` at ${valueText(value, unit)}`}`;
  }
  if (before.severity !== severity) return `${severity}: ${id} has escalated, it was ${before.severity}`;
  if (before.acknowledged === null && acknowledged !== null)
    return `acknowledged by ${acknowledged.by}: ${id}`;
  return undefined;
}

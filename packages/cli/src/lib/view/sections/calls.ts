import { cut, milliseconds, percent, span, whole } from "../format.ts";
import { labelValues, member, type WithCurrent } from "../snapshot.ts";
import type { Line } from "../style.ts";
import { cell, isBeyondTarget, isSlow, starOf } from "../targets.ts";
import { heading, label } from "./labels.ts";

const kinds = [
  ["node", "node p99", "solana.rpc"],
  ["jupiter", "Jupiter p99", "jupiter.quote"],
  ["database", "database p99", "db.write"],
] as const;

/** Calls by service, over the percentile window, those with the most calls of the node first. */
export function callLines(snapshot: WithCurrent, most: number): Line[] {
  const services = [
    ...new Set(kinds.flatMap(([kind]) => labelValues(snapshot, `${kind}_latency_by_service`, "service"))),
  ];
  if (most === 0 || services.length === 0) return [];
  const { windowSeconds = null } =
    member(snapshot, "node_latency_by_service", { service: services[0] ?? "" }) ?? {};
  const window = windowSeconds === null ? "" : `last ${span(windowSeconds)}`;
  const columns = [...kinds.map(([, title]) => title.padStart(13)), "node errors".padStart(13)].join(" ");
  const hidden = services.length - most;
  return [
    [heading("Calls"), { text: `${window.padEnd(13)}${columns}`, style: "dim" }],
    ...services.slice(0, most).map((service) => callLine(snapshot, service)),
    ...(hidden > 0
      ? [[label(""), { text: `and ${whole(hidden)} more (/api/current)`, style: "dim" } as const]]
      : []),
  ];
}

function callLine(snapshot: WithCurrent, service: string): Line {
  const cells = kinds.flatMap(([kind, , operation]) => {
    const entry = member(snapshot, `${kind}_latency_by_service`, { service, quantile: "0.99" });
    const value = typeof entry?.value === "number" ? entry.value : undefined;
    const beyond = value !== undefined && isSlow(operation, value);
    return [cell(milliseconds(value), 13, beyond), starOf(entry)];
  });
  const errors = member(snapshot, "node_error_rate_by_service", { service })?.value;
  const share = typeof errors === "number" ? errors : undefined;
  return [
    label(""),
    cut(service, 12).padEnd(13),
    ...cells,
    cell(percent(share), 13, share !== undefined && isBeyondTarget("node_error_rate", share)),
  ];
}

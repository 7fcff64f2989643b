import { type Lease, leaseText } from "@slipstream/aggregator";
import type { Finding } from "./check.ts";

/**
 * Who has the lease of a store that answers.
 *
 * @param instance the id in this data folder; undefined if there is none yet
 */
export function writerFinding(
  check: "Redis" | "QuestDB",
  answers: string,
  lease: Lease | undefined,
  instance: string | undefined,
): Finding {
  if (lease === undefined) return { check, outcome: "ok", text: answers };
  if (lease.instance === instance) {
    return { check, outcome: "ok", text: `${answers}; the aggregator of this data folder writes there` };
  }
  const option = check === "Redis" ? "--redis-prefix" : "--questdb-table-prefix";
  return {
    check,
    outcome: "warn",
    text: `${answers}; ${lowerFirst(leaseText(lease))} writes there, so one with this data folder may not`,
    remedy: `stop it, or start this one with a ${option} of its own`,
  };
}

function lowerFirst(text: string): string {
  return `${text.charAt(0).toLowerCase()}${text.slice(1)}`;
}

import { quantity } from "@slipstream/conventions";
import type { AggregatorClient } from "../client/aggregator-client.ts";
import { ClientError } from "../client/client-error.ts";
import type { Finding } from "./check.ts";

/** The desks beside the aggregator's own, and what came of those that have no statistics. */
export async function checkDesks(client: AggregatorClient): Promise<Finding[]> {
  const answer = await client.desks().catch((error: unknown) => {
    // `checkToken` reports it.
    if (error instanceof ClientError && error.code === "unauthorized") return undefined;
    throw error;
  });
  if (answer === undefined) return [];
  const [own, ...others] = answer.desks;
  const names = others.map(({ name }) => JSON.stringify(name)).join(", ");
  const { spans, points, desks } = answer.leftOut;
  const findings: Finding[] = [];
  if (others.length > 0 && own?.time === null) {
    const text = `its own desk has sent nothing, others have: ${names}`;
    const remedy =
      "if one of them is its own, start it with --desk and that name; else ask for one with --desk";
    findings.push({ check: "Desks", outcome: "warn", text, remedy });
  } else if (others.length > 0) {
    const ownName = own?.name == null ? "its own, without a name" : JSON.stringify(own.name);
    const text = `${quantity(others.length + 1, "desk")}: ${ownName}, and ${names}`;
    findings.push({ check: "Desks", outcome: "ok", text });
  }
  if (spans + points > 0) {
    const text =
      `${quantity(spans, "span")} and ${quantity(points, "metric point")} are in no statistic, ` +
      `of desks ${desks.map((name) => JSON.stringify(name)).join(", ")}`;
    const remedy =
      "raise maxDesks (SLIPSTREAM_MAX_DESKS), or give the services a slipstream.desk of 1 to 100 visible characters";
    findings.push({ check: "Desks", outcome: "warn", text, remedy });
  }
  return findings;
}

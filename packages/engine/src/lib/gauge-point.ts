import { type MetricDefinition, plainWord, serviceMetrics } from "@slipstream/conventions";
import type { MetricPoint } from "@slipstream/otlp/decode";
import type { PointEvent } from "./event.ts";
import type { Refuse } from "./refuse.ts";

const gauges: ReadonlyMap<string, MetricDefinition> = new Map(
  Object.values(serviceMetrics).map((definition) => [definition.name, definition]),
);

/** What is told of a point's value to the statistics. */
export type PointValue = Pick<PointEvent, "value" | "attributes">;

/** Reads a point as its metric allows. A value that cannot be one is refused. */
export function pointValue({ name, value, attributes, noLevel }: MetricPoint, refuse: Refuse): PointValue {
  const definition = gauges.get(name);
  if (definition === undefined) return { value, attributes };
  const { range: [least, most] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY], whole } = definition;
  const isPossible =
    value !== undefined && value >= least && value <= most && (whole !== true || Number.isInteger(value));
  if (noLevel !== undefined) refuse(name, noLevel, value);
  else if (value === undefined) refuse(name, "absent");
  else if (!isPossible) refuse(name, "implausible", value);
  return {
    value: noLevel === undefined && isPossible ? value : undefined,
    attributes: plainLabels(definition, attributes, refuse),
  };
}

/** Labels whose words are known, in the spelling that they have. */
function plainLabels(
  { name, labels = {} }: MetricDefinition,
  attributes: PointValue["attributes"],
  refuse: Refuse,
): PointValue["attributes"] {
  const plain: Record<string, string> = { ...attributes };
  for (const [label, allowed] of Object.entries(labels)) {
    const given = attributes[label];
    if (given === undefined || allowed === "open") continue;
    const word = plainWord(given);
    plain[label] = word;
    if (!allowed.includes(word)) refuse(`${name}{${label}}`, "unknown_word", given);
  }
  return plain;
}

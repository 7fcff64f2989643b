import { parser } from "@prometheus-io/lezer-promql";

/** A metric in an expression, with the labels that are used on it. */
export interface UsedMetric {
  readonly name: string;
  readonly matchers: readonly string[];
}

export interface ParsedPromql {
  readonly metrics: readonly UsedMetric[];
  /** Labels of `by (...)` and the like. */
  readonly grouped: readonly string[];
}

/**
 * Reads PromQL with the grammar that Prometheus's own page uses.
 * @throws Error if it is not PromQL
 */
export function parsePromql(expression: string): ParsedPromql {
  const metrics: { name: string; matchers: string[] }[] = [];
  const grouped: string[] = [];
  const path: string[] = [];
  parser.parse(expression).iterate({
    enter({ type, from, to }) {
      const text = expression.slice(from, to);
      if (type.isError) throw new Error(`Not PromQL at ${from}: ${expression}`);
      if (type.name === "VectorSelector") metrics.push({ name: "", matchers: [] });
      const last = metrics.at(-1);
      if (type.name === "Identifier" && path.at(-1) === "VectorSelector" && last !== undefined)
        last.name = text;
      if (type.name === "LabelName") {
        if (path.includes("LabelMatchers")) last?.matchers.push(text);
        else grouped.push(text);
      }
      path.push(type.name);
    },
    leave() {
      path.pop();
    },
  });
  return { metrics, grouped };
}

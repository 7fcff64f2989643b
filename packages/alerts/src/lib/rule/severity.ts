import type { Severity } from "./rule.ts";

/** From the least to the worst. */
export const severities: readonly Severity[] = ["info", "warning", "critical"];

/** The worse of two. */
export function worseSeverity(a: Severity, b: Severity): Severity {
  return severities.indexOf(a) >= severities.indexOf(b) ? a : b;
}

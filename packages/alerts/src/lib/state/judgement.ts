import type { Operator } from "../rule/condition.ts";
import type { Rule } from "../rule/rule.ts";
import type { Reading } from "./reading.ts";

/**
 * What a reading says of a rule's condition.
 * - `holds`
 * - `between`: it does not hold, but the value is not yet behind `clearThreshold` either
 * - `clear`
 * - `unknown`
 */
export type Judgement = "holds" | "between" | "clear" | "unknown";

/** Judges readings of a rule that has a condition. */
export class Judge {
  readonly #operator: Operator;
  readonly #threshold: number | string;
  readonly #clearThreshold: number | string;
  readonly #minSamples: number;

  constructor({ clearThreshold, minSamples }: Rule, { operator, threshold }: Threshold) {
    this.#operator = operator;
    this.#threshold = threshold;
    this.#clearThreshold = typeof threshold === "number" ? (clearThreshold ?? threshold) : threshold;
    this.#minSamples = minSamples;
  }

  judge({ value, count }: Reading): Judgement {
    if (!this.#isKnown(value) || count < this.#minSamples) return "unknown";
    if (holds(this.#operator, value, this.#threshold)) return "holds";
    return holds(this.#operator, value, this.#clearThreshold) ? "between" : "clear";
  }

  /** Why a reading is `unknown`. */
  reason({ value, count, reason }: Reading): string {
    if (value === null || Number.isNaN(value)) return reason ?? "no value";
    if (count < this.#minSamples) return `${count} samples, ${this.#minSamples} needed`;
    return `${JSON.stringify(value)} cannot be compared with ${JSON.stringify(this.#threshold)}`;
  }

  /** The worse of two values that are known. */
  worse(a: number | string, b: number | string): number | string {
    if (this.#operator === ">" || this.#operator === ">=") return a > b ? a : b;
    if (this.#operator === "<" || this.#operator === "<=") return a < b ? a : b;
    return holds(this.#operator, b, this.#threshold) ? b : a;
  }

  #isKnown(value: number | string | null): value is number | string {
    return typeof value === typeof this.#threshold && !Number.isNaN(value);
  }
}

interface Threshold {
  readonly operator: Operator;
  readonly threshold: number | string;
}

/** Whether a comparison holds. */
export function holds(operator: Operator, value: number | string, threshold: number | string): boolean {
  switch (operator) {
    case ">":
      return value > threshold;
    case ">=":
      return value >= threshold;
    case "<":
      return value < threshold;
    case "<=":
      return value <= threshold;
    case "==":
      return value === threshold;
    case "!=":
      return value !== threshold;
  }
}

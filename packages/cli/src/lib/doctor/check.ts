import type { CanaryPart } from "@slipstream/conventions";

/** What a check found. */
export interface Finding {
  readonly check: string;
  readonly outcome: "ok" | "warn" | "bad";
  readonly text: string;
  /** What to do about it. */
  readonly remedy?: string;
  /** Of a canary: the part of the pipeline that it came to, or did not. */
  readonly part?: CanaryPart;
  /** Of a canary: how long it took to the part. */
  readonly seconds?: number;
}

/** The findings for people: a line each, the remedy below it. */
export function findingLines(findings: readonly Finding[], paint: (finding: Finding) => string): string[] {
  const width = Math.max(...findings.map(({ check }) => check.length));
  return findings.flatMap((finding) => [
    `${paint(finding)}  ${finding.check.padEnd(width)}  ${finding.text}`,
    ...(finding.remedy === undefined ? [] : [`${" ".repeat(8 + width)}-> ${finding.remedy}`]),
  ]);
}

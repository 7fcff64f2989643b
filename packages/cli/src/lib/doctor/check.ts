/** What a check found. */
export interface Finding {
  readonly check: string;
  readonly outcome: "ok" | "warn" | "bad";
  readonly text: string;
  /** What to do about it. */
  readonly remedy?: string;
}

/** The findings for people: a line each, the remedy below it. */
export function findingLines(findings: readonly Finding[], paint: (finding: Finding) => string): string[] {
  const width = Math.max(...findings.map(({ check }) => check.length));
  return findings.flatMap((finding) => [
    `${paint(finding)}  ${finding.check.padEnd(width)}  ${finding.text}`,
    ...(finding.remedy === undefined ? [] : [`${" ".repeat(8 + width)}-> ${finding.remedy}`]),
  ]);
}

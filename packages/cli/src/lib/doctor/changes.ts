import type { Finding } from "./check.ts";

/** Tells what has changed from one round of checks to the next. Numbers that differ each time are no change. */
export class Changes {
  /** What was found of each check, but for what is as it should be. */
  #before: ReadonlyMap<string, string> | undefined;

  /** @returns the findings to tell: all in the first round; later of each check that has changed, what is wrong, or that nothing is */
  of(findings: readonly Finding[]): readonly Finding[] {
    const now: Map<string, string> = new Map();
    for (const { check, outcome, text } of findings) {
      const wrong = outcome === "ok" ? "" : `${outcome} ${text.replaceAll(/\d+(?:\.\d+)?/g, "#")}\n`;
      now.set(check, (now.get(check) ?? "") + wrong);
    }
    const before = this.#before;
    this.#before = now;
    if (before === undefined) return findings;
    const changed = [...now].flatMap(([check, text]) => ((before.get(check) ?? "") === text ? [] : [check]));
    const gone = [...before].flatMap(([check, text]) => (text === "" || now.has(check) ? [] : [check]));
    return [
      ...changed.flatMap((check) => {
        const wrong = findings.filter((one) => one.check === check && one.outcome !== "ok");
        return wrong.length > 0 ? wrong : [right(check)];
      }),
      ...gone.map(right),
    ];
  }
}

function right(check: string): Finding {
  return { check, outcome: "ok", text: "nothing is wrong any more" };
}

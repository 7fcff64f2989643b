import { expect, test } from "vitest";
import { deskText } from "./report.ts";
import { ratioOf, subjectResult } from "./result.ts";
import type { Round } from "./round.ts";

test("says what each aggregator takes of a core and of the machine, who takes it, and how it stands with the goals", () => {
  const round = (mainMs: number): Round => ({
    seconds: 5,
    threads: [
      { name: "MainThread", cpuNs: mainMs * 1e6, runs: 100 },
      { name: "idle", cpuNs: 1_000, runs: 1 },
    ],
    residentBytes: 100 * 2 ** 20,
  });
  const [ours, theirs] = [
    [round(50), round(50)],
    [round(100), round(100)],
  ];
  const text = deskText({
    tradesPerSecond: 100,
    subjects: [subjectResult("this", "no sinks", ours, 2)],
    ratios: [ratioOf("no sinks", { build: "this", rounds: ours }, { build: "old", rounds: theirs })],
    load: { from: 1.25, to: 6 },
    notes: ["A note."],
  });
  expect(text).toContain("load 1.3 at the start, 6.0 at the end");
  expect(text).toMatch(
    /1 \[1, 1\] % of a core, 0\.5 \[0\.5, 0\.5\] % of the machine +<= 1\.2 % of a core: met/,
  );
  expect(text).toMatch(/100 MiB, at most 100 MiB +<= 120 MiB: met/);
  expect(text).toMatch(/MainThread +1\.000 % +20\.0 wake-ups a second/);
  expect(text).not.toContain("idle");
  expect(text).toContain("no sinks: this / old: CPU time 0.5 [0.5, 0.5], memory 1 [1, 1]");
  expect(text).toContain("  - A note.");
});

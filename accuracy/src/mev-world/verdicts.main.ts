import { openMevWorld } from "@slipstream/simulator";
import { type WorldArguments, worldArguments } from "./arguments.ts";
import { scoreVerdicts } from "./verdicts.ts";

/** How the tracker's verdicts do on a world. Flags: see arguments.ts. */
const given: WorldArguments = worldArguments();
const start = performance.now();
const { confusion, disputed, wrong, lossErrors } = scoreVerdicts(openMevWorld(given));
const seconds = ((performance.now() - start) / 1000).toFixed(1);
console.log(`${given.trades} trades, seed ${given.seed}: ${seconds} s. Truth as the tracker's verdict:`);
const print = (counts: ReadonlyMap<string, number>): void => {
  for (const [key, count] of [...counts].sort((a, b) => b[1] - a[1])) console.log(`  ${count} ${key}`);
};
print(confusion);
console.log("wrong, by what was behind it (and the evidence given):");
print(wrong);
console.log("disputed:");
print(disputed);
for (const verdict of ["impacted", "avoided"]) {
  const of = (test: (truth: string, told: string) => boolean): number =>
    [...confusion].reduce((sum, [key, count]) => {
      const [truth = "", told = ""] = key.split(" as ");
      return sum + (test(truth, told) ? count : 0);
    }, 0);
  const hits = of((truth, told) => truth === verdict && told === verdict);
  const recall = hits / of((truth) => truth === verdict);
  const precision = hits / of((_, told) => told === verdict);
  console.log(`${verdict}: precision ${precision.toFixed(4)}, recall ${recall.toFixed(4)}`);
}
lossErrors.sort((a, b) => a - b);
const at = (q: number): string => (lossErrors[Math.floor(q * (lossErrors.length - 1))] ?? 0).toExponential(1);
console.log(`loss error: p50 ${at(0.5)}, p95 ${at(0.95)}, max ${at(1)} (n ${lossErrors.length})`);

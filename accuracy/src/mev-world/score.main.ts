import { openMevWorld } from "@slipstream/simulator";
import { type WorldArguments, worldArguments } from "./arguments.ts";
import { type Hits, scoreDetector } from "./score.ts";

/** How the detector does on a world. Flags: see arguments.ts. */
const given: WorldArguments = worldArguments();
const world = openMevWorld(given);
const start = performance.now();
const score = scoreDetector(world);
const share = ({ truth, found }: Hits): string =>
  `${found} of ${truth} (${((100 * found) / truth).toFixed(1)} %)`;
console.log(
  `${given.trades} trades, seed ${given.seed}: ${((performance.now() - start) / 1000).toFixed(1)} s`,
);
console.log("completed attacks found, by kind of attacker:");
for (const [kind, hits] of score.byKind) console.log(`  ${kind}: ${share(hits)}`);
console.log("by protocol:");
for (const [protocol, hits] of score.byProtocol) console.log(`  ${protocol}: ${share(hits)}`);
const wrong = [...score.wrong.values()].reduce((sum, count) => sum + count, 0);
console.log(
  `sandwiches: ${score.sandwiches}, of them nobody's attack: ${wrong}`,
  Object.fromEntries(score.wrong),
);
if (score.doubtful.size > 0)
  console.log(
    "of an attack that was not completed, or of a part of one:",
    Object.fromEntries(score.doubtful),
  );
console.log(`impacted trades: ${share(score.impacted)}; wrongly impacted: ${score.wronglyImpacted}`);
const errors = score.lossErrors.sort((a, b) => a - b);
const at = (q: number): string =>
  (errors[Math.min(errors.length - 1, Math.floor(q * errors.length))] ?? 0).toExponential(1);
console.log(
  `loss error: p50 ${at(0.5)}, p95 ${at(0.95)}, max ${at(1)} (n ${errors.length}); not replayed: ${score.notReplayed}`,
);
for (const [protocol, told] of score.victims.errors) {
  told.sort((a, b) => a - b);
  const of = (q: number): string =>
    (told[Math.min(told.length - 1, Math.floor(q * told.length))] ?? 0).toExponential(1);
  const not = score.victims.notReplayed.get(protocol) ?? 0;
  console.log(
    `losses of all victims, ${protocol}: p50 ${of(0.5)}, p95 ${of(0.95)}, max ${of(1)} (n ${told.length}); not replayed: ${not}`,
  );
}

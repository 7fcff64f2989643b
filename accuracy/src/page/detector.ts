import { total } from "../gather.ts";
import { PooledDetector, sumOfHits, sumOfTold } from "../pooled.ts";
import type { WorldScore } from "../world-score.ts";
import { errorCells, number, shareText, table } from "./format.ts";
import { byName } from "./order.ts";

export function detectorPart(worlds: readonly WorldScore[]): string {
  const pooled = new PooledDetector(worlds);
  return `## Sandwiches in the worlds
\`detectSandwiches\` over all swaps, those of strangers too. **Recall** is the share of completed attacks that were found: one sandwich
holds a front and a back leg of it. **Precision** is the share of sandwiches that are a completed attack in this sense.

${table(
  ["seed", "recall", "precision"],
  worlds.map(({ world, detector }) => {
    const hits = sumOfHits(detector.byKind.values());
    const told = sumOfTold(detector.told.values());
    return [
      String(world.options.seed),
      shareText(hits.found, hits.truth),
      shareText(told.right, told.sandwiches),
    ];
  }),
)}

By kind of attacker, all worlds together. A sandwich that is nobody's attack has no kind, so there is no precision by kind.

${table(
  ["kind", "recall"],
  byName(pooled.byKind).map(([kind, { found, truth }]) => [`\`${kind}\``, shareText(found, truth)]),
)}

By protocol of the pool, with the share of the right ones whose legs, and whose victims, are exactly the attack's:

${table(
  ["protocol", "recall", "precision", "legs exact", "victims exact"],
  byName(pooled.told).map(([protocol, { sandwiches, right, legs, victims }]) => {
    const { found, truth } = pooled.byProtocol.get(protocol) ?? { found: 0, truth: 0 };
    return [
      protocol,
      shareText(found, truth),
      shareText(right, sandwiches),
      shareText(legs, right),
      shareText(victims, right),
    ];
  }),
)}

${wrongText(pooled)}

### Losses of their victims
Of every victim of the attacks that were found. Error = |loss told / true loss - 1|; residual: what the detector itself gives as
the error of its replay.

${table(
  ["protocol", "replayed", "error: median", "P95", "max", "residual: median", "P95", "max"],
  lossRows(pooled),
)}`;
}

function wrongText({ wrong, doubtful }: PooledDetector): string {
  if (total(wrong) + total(doubtful) === 0) return "No other sandwich was told.";
  const rows = [
    ...byName(wrong).map(([role, count]) => [`nobody's attack, by: ${role}`, number(count)]),
    ...byName(doubtful).map(([outcome, count]) => [`of an attack with outcome: ${outcome}`, number(count)]),
  ];
  return `What the wrong ones are (a role of the world's [noise](mev-world.md#market): \`unlucky\` sell again soon, \`copy\` follow
others):

${table(["what", "sandwiches"], rows)}`;
}

function lossRows({ errors, residuals, notReplayed }: PooledDetector): string[][] {
  const protocols = [...new Set([...errors.keys(), ...notReplayed.keys()])].sort();
  return protocols.map((protocol) => {
    const own = errors.get(protocol) ?? [];
    const victims = own.length + (notReplayed.get(protocol) ?? 0);
    return [
      protocol,
      shareText(own.length, victims),
      ...errorCells(own),
      ...errorCells(residuals.get(protocol) ?? []),
    ];
  });
}

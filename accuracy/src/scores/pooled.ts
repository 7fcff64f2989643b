import type { Hits, Told } from "../mev-world/score.ts";
import { mergeCounts, mergeLists } from "./gather.ts";
import { VerdictTally } from "./verdict-tally.ts";
import type { WorldScore } from "./world-score.ts";

/** What the detector did on several worlds together. */
export class PooledDetector {
  /** Of completed attacks. */
  readonly byKind: Map<string, Hits> = new Map();
  readonly byProtocol: Map<string, Hits> = new Map();
  readonly told: Map<string, Told> = new Map();
  /** Sandwiches that are nobody's attack, by what the sender of their first leg was. */
  readonly wrong: Map<string, number> = new Map();
  readonly doubtful: Map<string, number> = new Map();
  /** Sandwiches whose legs only transfers link. */
  readonly byTransfer: Told;
  readonly errors: Map<string, number[]> = new Map();
  readonly residuals: Map<string, number[]> = new Map();
  readonly notReplayed: Map<string, number> = new Map();

  constructor(worlds: readonly WorldScore[]) {
    this.byTransfer = sumOfTold(worlds.map(({ detector }) => detector.byTransfer));
    for (const { detector } of worlds) {
      const { byKind, byProtocol, told, wrong, doubtful, victims } = detector;
      addHits(this.byKind, byKind);
      addHits(this.byProtocol, byProtocol);
      for (const [protocol, counts] of told)
        this.told.set(protocol, sumOfTold([this.told.get(protocol), counts]));
      mergeCounts(this.wrong, wrong);
      mergeCounts(this.doubtful, doubtful);
      mergeCounts(this.notReplayed, victims.notReplayed);
      mergeLists(this.errors, victims.errors);
      mergeLists(this.residuals, victims.residuals);
    }
  }
}

export function poolVerdicts(worlds: readonly WorldScore[]): VerdictTally {
  const all = new VerdictTally();
  for (const { verdicts } of worlds) all.merge(verdicts);
  return all;
}

export function sumOfHits(parts: Iterable<Hits>): Hits {
  const sum = { truth: 0, found: 0 };
  for (const { truth, found } of parts) {
    sum.truth += truth;
    sum.found += found;
  }
  return sum;
}

export function sumOfTold(parts: Iterable<Told | undefined>): Told {
  const sum = { sandwiches: 0, right: 0, legs: 0, victims: 0 };
  for (const part of parts) {
    sum.sandwiches += part?.sandwiches ?? 0;
    sum.right += part?.right ?? 0;
    sum.legs += part?.legs ?? 0;
    sum.victims += part?.victims ?? 0;
  }
  return sum;
}

function addHits(into: Map<string, Hits>, from: ReadonlyMap<string, Hits>): void {
  for (const [key, hits] of from) into.set(key, sumOfHits([into.get(key) ?? { truth: 0, found: 0 }, hits]));
}

import type { Verdict } from "@slipstream/mev";
import type { MevTradeTruth } from "@slipstream/simulator";
import { relativeError } from "../mev-world/score.ts";
import { Confusion, type Told, type Truth } from "./confusion.ts";
import { bump, mergeCounts, mergeLists, pushTo } from "./gather.ts";

type Counted = Pick<Confusion, "counts">;

/** What is left of a tally that another thread sent. */
export type TallyData = Pick<
  VerdictTally,
  "disputed" | "wrong" | "errors" | "residuals" | "notReplayed" | "trueUsd" | "toldUsd" | "unshown"
> & {
  readonly all: Counted;
  readonly byProtocol: ReadonlyMap<string, Counted>;
  readonly byKind: ReadonlyMap<string, Counted>;
};

/** How verdicts compare with the truth. Disputed trades stand in `disputed` alone. */
export class VerdictTally {
  readonly all: Confusion = new Confusion();
  readonly byProtocol: Map<string, Confusion> = new Map();
  /** By the kind of attacker behind the true verdict. */
  readonly byKind: Map<string, Confusion> = new Map();
  /** By what became of the attack, and the verdict told. */
  readonly disputed: Map<string, number> = new Map();
  /** Of wrong verdicts: truth, verdict, and what was behind it. */
  readonly wrong: Map<string, number> = new Map();
  /** Relative errors of the losses of impacted trades, by protocol. */
  readonly errors: Map<string, number[]> = new Map();
  readonly residuals: Map<string, number[]> = new Map();
  readonly notReplayed: Map<string, number> = new Map();
  /** Sums over trades whose loss was replayed, USD. */
  trueUsd = 0;
  toldUsd = 0;
  /** Clean trades around which an attack came to no more than a swap that reverted, of somebody whom nothing shows to attack. */
  unshown = 0;

  /** @param verdict Undefined where none became final. */
  add(truth: MevTradeTruth, verdict: Verdict | undefined): void {
    if (truth.verdict === null) return;
    const told = verdict?.verdict ?? "none";
    if (truth.disputed) {
      bump(this.disputed, `${truth.attack?.outcome ?? "unknown"} as ${told}`);
      return;
    }
    if (isUnshown(truth)) this.unshown++;
    this.#count(truth, truth.verdict, told);
    if (truth.verdict !== told) bump(this.wrong, reasonOf(truth, verdict, told));
    if (truth.verdict === "impacted" && verdict?.verdict === "impacted") this.#lose(truth, verdict);
  }

  merge(other: TallyData): void {
    this.all.addAll(other.all);
    for (const [key, confusion] of other.byProtocol) of(this.byProtocol, key).addAll(confusion);
    for (const [key, confusion] of other.byKind) of(this.byKind, key).addAll(confusion);
    mergeCounts(this.disputed, other.disputed);
    mergeCounts(this.wrong, other.wrong);
    mergeCounts(this.notReplayed, other.notReplayed);
    mergeLists(this.errors, other.errors);
    mergeLists(this.residuals, other.residuals);
    this.trueUsd += other.trueUsd;
    this.toldUsd += other.toldUsd;
    this.unshown += other.unshown;
  }

  #count(truth: MevTradeTruth, verdict: Truth, told: Told): void {
    this.all.add(verdict, told);
    of(this.byProtocol, truth.protocol).add(verdict, told);
    if (truth.attack !== null) of(this.byKind, truth.attack.kind).add(verdict, told);
  }

  #lose({ protocol, lossAtoms, lossUsd, sizeUsd }: MevTradeTruth, { loss }: Verdict): void {
    if (loss === null) {
      bump(this.notReplayed, protocol);
      return;
    }
    pushTo(this.errors, protocol, relativeError(loss.atoms, lossAtoms));
    pushTo(this.residuals, protocol, loss.residual);
    this.trueUsd += lossUsd;
    this.toldUsd += loss.ratio * sizeUsd;
  }
}

function of(confusions: Map<string, Confusion>, key: string): Confusion {
  const confusion = confusions.get(key) ?? new Confusion();
  confusions.set(key, confusion);
  return confusion;
}

function isUnshown({ verdict, nearby }: MevTradeTruth): boolean {
  return verdict === "clean" && nearby.some(({ outcome }) => outcome === "front_reverted");
}

function reasonOf(truth: MevTradeTruth, verdict: Verdict | undefined, told: Told): string {
  const [lookalike] = truth.lookalikes;
  const why =
    truth.attack !== null
      ? truth.reason
      : lookalike === undefined
        ? "no attack"
        : `no attack, but a round trip that paid: ${lookalike.role}`;
  const kinds = [...new Set(verdict?.evidence.map(({ kind }) => kind))].join(", ");
  return `${truth.verdict} as ${told} | ${why} | ${kinds || "none"}`;
}

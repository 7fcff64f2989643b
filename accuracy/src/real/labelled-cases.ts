import type { Sandwich } from "@slipstream/mev";
import { readInput } from "@slipstream/mev/cases";
import { z } from "zod";
import type { Detector } from "../mev-world/score.ts";

/** How the detector does on cases whose sandwiches are known. */
export interface LabelledScore {
  cases: number;
  casesWithout: number;
  swaps: number;
  /** Sandwiches by the labels. */
  truth: number;
  /** Of these, those that the labels name by their legs and victims. */
  named: number;
  told: number;
  /** Those told that are as the label says: legs and victims, or their numbers where it names none. */
  right: number;
  namedRight: number;
  replayed: number;
  /** Of sandwiches that were replayed. */
  readonly residuals: number[];
  /** Why the others were not. */
  readonly reasons: Map<string, number>;
}

const labels = z.array(
  z.object({
    case: z.string(),
    label: z.object({
      sandwichCount: z.int(),
      victimCount: z.int().optional(),
      sandwiches: z
        .array(z.object({ front: z.string(), victims: z.array(z.string()), back: z.string() }))
        .optional(),
    }),
  }),
);
type Label = z.infer<typeof labels>[number]["label"];

/** @throws InputError, ZodError, SyntaxError where the text is no array of labelled cases. */
export function scoreLabelledCases(text: string, file: string, detect: Detector): LabelledScore {
  const byCase = new Map(labels.parse(JSON.parse(text)).map((entry) => [entry.case, entry.label]));
  const score: LabelledScore = {
    cases: 0,
    casesWithout: 0,
    swaps: 0,
    truth: 0,
    named: 0,
    told: 0,
    right: 0,
    namedRight: 0,
    replayed: 0,
    residuals: [],
    reasons: new Map(),
  };
  for (const { name, swaps, attempts } of readInput(text, file)) {
    const label = byCase.get(name);
    if (label === undefined) continue;
    const { sandwiches } = detect(swaps, { attempts });
    score.cases++;
    score.swaps += swaps.length;
    score.truth += label.sandwichCount;
    score.told += sandwiches.length;
    if (label.sandwichCount === 0) score.casesWithout++;
    compare(sandwiches, label, score);
    for (const { loss, lossReason = "no reason given" } of sandwiches) {
      if (loss !== null) score.residuals.push(loss.residual);
      else score.reasons.set(lossReason, (score.reasons.get(lossReason) ?? 0) + 1);
    }
  }
  score.replayed = score.residuals.length;
  return score;
}

function compare(sandwiches: readonly Sandwich[], label: Label, score: LabelledScore): void {
  if (label.sandwiches !== undefined) {
    const known = label.sandwiches.map((one) => JSON.stringify([one.front, one.victims, one.back]));
    const right = sandwiches.filter(({ fronts, victims, backs }) =>
      known.includes(JSON.stringify([fronts[0]?.id, victims.map(({ id }) => id), backs.at(-1)?.id])),
    ).length;
    score.named += known.length;
    score.namedRight += right;
    score.right += right;
    return;
  }
  const victims = sandwiches.reduce((sum, { victims }) => sum + victims.length, 0);
  if (label.victimCount !== undefined && victims !== label.victimCount) return;
  score.right += Math.min(sandwiches.length, label.sandwichCount);
}

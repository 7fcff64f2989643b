import { bytesPerOperation } from "./allocation.ts";
import { medianWithInterval } from "./estimate.ts";
import { measurePaired, type Rounds, type Variant } from "./paired.ts";
import { type Comparison, judge } from "./result.ts";

export interface ComparisonPlan {
  readonly ours: readonly Variant[];
  readonly theirs: readonly Variant[];
  readonly rounds: Rounds;
  readonly unit: "ns" | "us" | "ms";
  /** Also measure what an operation allocates; needs variants that are synchronous. */
  readonly bytes?: boolean;
  /** The ratio to one of theirs is to be below this. */
  readonly goal?: { readonly theirs: string; readonly below: number };
}

const NS_PER = { ns: 1, us: 1e3, ms: 1e6 } as const;

/** Measures all variants in the same rounds and sets each of ours beside each of theirs. */
export async function compare(plan: ComparisonPlan): Promise<Comparison[]> {
  const variants = [...plan.ours, ...plan.theirs];
  const times = await measurePaired(variants, plan.rounds);
  const measured = variants.map((variant, i) => {
    const ns = times[i] ?? [];
    const bytes = plan.bytes === true ? bytesPerOperation((count) => variant.run(count)) : undefined;
    const time = medianWithInterval(ns.map((value) => value / NS_PER[plan.unit]));
    return { name: variant.name, ns, time, bytes };
  });
  const ours = measured.slice(0, plan.ours.length);
  const theirs = measured.slice(plan.ours.length);
  return ours.flatMap((our) =>
    theirs.map((their): Comparison => {
      const ratio = medianWithInterval(our.ns.map((value, round) => value / (their.ns[round] ?? Number.NaN)));
      return {
        ours: our.name,
        theirs: their.name,
        unit: plan.unit,
        ourTime: our.time,
        theirTime: their.time,
        ratio,
        ...(plan.goal?.theirs === their.name ? { goal: judge(ratio, plan.goal.below) } : {}),
        ...(our.bytes === undefined ? {} : { ourBytes: our.bytes }),
        ...(their.bytes === undefined ? {} : { theirBytes: their.bytes }),
      };
    }),
  );
}

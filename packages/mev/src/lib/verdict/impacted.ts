import type { Sandwich } from "../sandwich/model.ts";
import type { Swap } from "../swaps/swap.ts";
import type { Around } from "./around.ts";
import type { Verdict, VerdictEvidence } from "./model.ts";
import { ownLosses } from "./own-losses.ts";
import { type OwnSwaps, routeGap } from "./own-swaps.ts";
import { routeLoss } from "./route-loss.ts";
import type { VerdictMaker } from "./verdict-maker.ts";

/** The verdict on a trade with sandwiches around its swaps. */
export function impacted(
  make: VerdictMaker,
  found: OwnSwaps,
  attacks: ReadonlyMap<Swap, readonly Sandwich[]>,
  around: Around,
  missing: readonly VerdictEvidence[],
): Verdict {
  const sandwiches = [...new Set([...attacks.values()].flat())];
  const isIntentional = sandwiches.some(({ label }) => label === "intentional");
  const { losses, reason, evidence: replay } = ownLosses(attacks, around.swapsIn);
  const loss = losses.size === attacks.size ? (routeLoss(found.swaps, losses) ?? null) : null;
  const evidence: VerdictEvidence[] = [
    ...sandwiches.map(describe),
    ...(loss === null ? [] : replay),
    ...missing,
  ];
  if (routeGap(found.swaps)) {
    const detail = "a pool of the trade's route is not decoded: the loss there is unknown";
    evidence.push({ kind: "route", detail });
  }
  const isAcross = sandwiches.every(({ fronts, backs }) => fronts[0]?.slot !== backs.at(-1)?.slot);
  const confidence = isIntentional ? "high" : isAcross || missing.length > 0 ? "low" : "medium";
  const attackers = [...new Set(sandwiches.flatMap(({ attacker }) => attacker))];
  return {
    ...make.of("impacted", confidence, evidence, attackers),
    ...legsOf(sandwiches),
    label: isIntentional ? "intentional" : "feasible",
    loss,
    ...(loss === null ? { lossReason: reason ?? "the loss does not follow from the route's amounts" } : {}),
  };
}

/** Legs of the first sandwich. */
function legsOf([first]: readonly Sandwich[]): Pick<Verdict, "front" | "back"> {
  const front = first?.fronts[0]?.signature;
  const back = first?.backs.at(-1)?.signature;
  return front === undefined || back === undefined ? {} : { front, back };
}

function describe({ fronts, backs, label, profit, evidence }: Sandwich): VerdictEvidence {
  const legs = `front ${fronts[0]?.id ?? ""}, back ${backs.at(-1)?.id ?? ""}`;
  const why = evidence.filter(({ kind }) => kind !== "state" && kind !== "fee" && kind !== "profit");
  const details = why.map(({ kind, detail }) => `${kind}: ${detail}`).join("; ");
  return {
    kind: "sandwich",
    detail: `${label}: ${legs}, profit ${profit.atoms} of ${profit.token}; ${details}`,
  };
}

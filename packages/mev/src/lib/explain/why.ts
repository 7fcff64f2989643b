import type { ExplainedVerdict } from "./explanation.ts";

/** Why a verdict has its confidence; the rules are those of `judgeTrade` and `impacted`. */
export function whyOf(verdict: ExplainedVerdict): string {
  const kinds = new Set(verdict.evidence.map(({ kind }) => kind));
  switch (verdict.verdict) {
    case "unknown":
      return "nothing is concluded from what could not be read";
    case "impacted":
      return whyImpacted(verdict, kinds.has("slot"));
    case "avoided":
      if (kinds.has("slot")) return missing;
      if (verdict.confidence === "high")
        return "the trade reverted while the attacker held what its front run bought";
      return verdict.confidence === "medium"
        ? "the attempt is in the pool, but it cannot be told whether this trade was its target"
        : "the attack hit another trade, and this one was protected";
    case "clean":
      if (kinds.has("slot")) return missing;
      return verdict.confidence === "high"
        ? "everything around it was read, and nothing was found"
        : "there was a round trip around it, or an open position, that is no sandwich which paid off";
  }
}

const missing = "slots around it are missing";

function whyImpacted({ confidence, label }: ExplainedVerdict, isMissing: boolean): string {
  if (confidence === "high") return "beside the round trip, there is evidence of intent";
  if (confidence === "medium")
    return "a round trip around it paid off within a slot; nothing else shows intent";
  if (isMissing) return `a round trip around it paid off (${label}), but ${missing}`;
  return "a round trip around it paid off over several slots; nothing else shows intent";
}

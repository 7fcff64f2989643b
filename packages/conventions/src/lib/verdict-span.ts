import { type NamesOf, namesOf } from "./names-of.ts";

/** The span that the aggregator adds to a trade's trace when its verdict is final. */
export const VERDICT_SPAN = "mev.verdict";

/** `service.name` of the aggregator's own spans. What it receives under this name it leaves out. */
export const AGGREGATOR_SERVICE = "slipstream-aggregator";

/** Attributes of that span beside those of the trade. What is not known is left out. */
export const verdictAttributes = {
  verdict: { name: "mev.verdict", type: "string", help: "impacted, avoided, clean or unknown." },
  confidence: {
    name: "mev.confidence",
    type: "string",
    help: "How certain that is, given the data read: high, medium or low.",
  },
  label: { name: "mev.label", type: "string", help: "Label of the sandwich: feasible or intentional." },
  reason: { name: "mev.reason", type: "string", help: "Why the verdict, or the loss, is unknown." },
  lossUsd: { name: "mev.loss_usd", type: "double", help: "What the trade lost, in USD." },
  lossUsdLow: {
    name: "mev.loss_usd_low",
    type: "double",
    help: "Lower bound of it, by the error of the replay.",
  },
  lossUsdHigh: { name: "mev.loss_usd_high", type: "double", help: "Upper bound of it." },
  lossBps: {
    name: "mev.loss_bps",
    type: "double",
    help: "The loss in basis points of the output without the attack.",
  },
  lossAtoms: { name: "mev.loss_atoms", type: "decimal", help: "The loss in atoms of `mev.loss_token`." },
  lossToken: { name: "mev.loss_token", type: "string", help: "Mint of the lost token." },
  attackers: {
    name: "mev.attackers",
    type: "strings",
    help: "Addresses of those who attacked, or tried to, signers first.",
  },
  frontSignature: { name: "mev.front_signature", type: "string", help: "Transaction of the front run." },
  backSignature: { name: "mev.back_signature", type: "string", help: "Transaction of the back run." },
  pool: {
    name: "mev.pool",
    type: "string",
    help: "The pool that the trade used; for a route, the first one.",
  },
  leader: { name: "mev.leader", type: "string", help: "Leader that produced the slot's block." },
  evidence: { name: "mev.evidence", type: "string", help: "JSON array with the evidence for the verdict." },
  protectionSource: {
    name: "mev.protection_source",
    type: "string",
    help: "Where `mev.protection` is known from: named by the trade, or the tip that its transaction paid.",
  },
  decidedAt: { name: "mev.decided_at", type: "string", help: "When the verdict was made, ISO 8601." },
  service: { name: "trade.service", type: "string", help: "`service.name` of the trade." },
} as const;

/** An attribute's name by its key: `verdictAttribute.lossUsd` is "mev.loss_usd". */
export const verdictAttribute: NamesOf<typeof verdictAttributes> = namesOf(verdictAttributes);

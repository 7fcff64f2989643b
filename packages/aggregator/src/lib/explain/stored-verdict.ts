import { ownTradeOf } from "@slipstream/engine";
import {
  type ExplainedTrade,
  type ExplainedVerdict,
  type OwnTrade,
  type VerdictBasis,
  type VerdictEvidence,
  verdictKinds,
} from "@slipstream/mev";
import { z } from "zod";
import type { FoundTrade, VerdictRow } from "./find-trade.ts";

const verdicts = z.enum(verdictKinds).catch("unknown");
const states = z.enum(["provisional", "final"]).catch("provisional");
const confidences = z.enum(["high", "medium", "low"]).catch("low");
const count = z.int().min(0).max(1_000_000);
const basisSchema = z.object({
  actors: z.array(z.tuple([z.string(), count, count.max(1_000), count.max(1_000)])).default([]),
  activity: z.array(z.tuple([z.string(), count, count])).default([]),
  own: z.array(z.string()).default([]),
  pools: z.array(z.string()).optional(),
  distance: z.int().min(0).max(64).optional(),
});
const evidenceSchema = z.array(z.object({ kind: z.string(), detail: z.string() }));

/** What is judged of a trade, from the history; undefined if it names no transaction. */
export function storedTrade({ trade, verdict }: FoundTrade): OwnTrade | undefined {
  const id = trade?.trade_id ?? verdict?.trade_id;
  const signature = trade?.signature ?? verdict?.signature;
  if (id === undefined || id === null || signature === undefined || signature === null) return undefined;
  const named = {
    protection: trade === undefined ? namedIn(verdict) : trade.protection,
    tipLamports: trade?.tip_lamports ?? null,
  };
  return ownTradeOf({ id, signature, slot: trade?.slot ?? verdict?.slot ?? null, named });
}

function namedIn(verdict: VerdictRow | undefined): string | null {
  return verdict?.protection_source === "named" ? verdict.protection : null;
}

/** A trade as the history tells of it. */
export function tradeFacts({ trade, verdict }: FoundTrade, own: OwnTrade): ExplainedTrade {
  const timeUs = trade?.timestamp ?? verdict?.timestamp;
  const source = verdict?.protection_source;
  const tip = verdict?.tip_lamports ?? null;
  return {
    id: own.id,
    signature: own.signature,
    instruction: own.instruction ?? null,
    traceId: trade?.trace_id ?? null,
    time: timeUs === undefined ? null : new Date(timeUs / 1_000).toISOString(),
    status: trade?.status ?? null,
    pair: trade?.pair ?? verdict?.pair ?? null,
    side: trade?.side ?? null,
    sizeUsd: trade?.size_usd ?? verdict?.size_usd ?? null,
    namedSlot: trade?.slot ?? null,
    namedProtection: own.named?.protection ?? null,
    namedTipLamports: own.named?.tipLamports ?? null,
    protection: verdict?.protection ?? trade?.protection ?? "none",
    protectionSource: source === "named" || source === "tip" ? source : null,
    tips: tip === null || tip === 0 ? null : [{ service: null, lamports: String(tip), transaction: null }],
    tipsPaid: trade === undefined ? null : trade.status === "success",
  };
}

/** A verdict as the history has it. */
export function storedVerdict(row: VerdictRow): ExplainedVerdict {
  const { loss_atoms: atoms, loss_ratio: ratio, loss_token: token } = row;
  const isUnknown = row.verdict === "unknown";
  return {
    verdict: verdicts.parse(row.verdict),
    state: states.parse(row.state),
    confidence: confidences.parse(row.confidence),
    reason: isUnknown ? row.reason : null,
    label: row.label,
    loss:
      atoms === null || ratio === null
        ? null
        : { atoms, token: token ?? "", ratio, residual: row.residual ?? 0, usd: row.loss_usd },
    lossReason: isUnknown ? null : row.reason,
    evidence: evidenceOf(row.evidence),
    attackers: row.attacker === null ? [] : [row.attacker],
    front: row.front_signature,
    back: row.back_signature,
    slot: row.slot,
    leader: row.leader,
  };
}

/** What was known when the verdict was made; undefined if that is not stored. */
export function storedBasis({ basis }: VerdictRow): VerdictBasis | undefined {
  if (basis === null) return undefined;
  try {
    return basisSchema.parse(JSON.parse(basis));
  } catch {
    return undefined;
  }
}

function evidenceOf(text: string | null): VerdictEvidence[] {
  try {
    return evidenceSchema.parse(JSON.parse(text ?? "[]")) as VerdictEvidence[];
  } catch {
    return [];
  }
}

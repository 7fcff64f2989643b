import { createHash } from "node:crypto";
import { attribute, VERDICT_SPAN, VERSION, verdictAttribute } from "@slipstream/conventions";
import { type HistoryRow, recordOf } from "@slipstream/engine/storage";
import type { EncodableSpan } from "@slipstream/otlp/encode";
import { z } from "zod";

const text = z.string().nullable();
const number = z.number().nullable();

/** What is read of a row of `mev_verdicts`. */
const verdictRow = z.object({
  timestamp: z.int(),
  trade_id: z.string(),
  verdict: z.string(),
  confidence: text,
  label: text,
  reason: text,
  pair: text,
  size_usd: number,
  protection: text,
  protection_source: text,
  tip_lamports: number,
  slot: number,
  leader: text,
  pool: text,
  signature: text,
  attacker: text,
  attackers: text,
  front_signature: text,
  back_signature: text,
  loss_atoms: text,
  loss_token: text,
  loss_ratio: number,
  loss_usd: number,
  residual: number,
  evidence: text,
  service: text,
  strategy: text,
  decided_ms: number,
  trace_id: z.string().regex(/^[\da-f]{32}$/),
  span_id: z.string().regex(/^[\da-f]{16}$/),
});

type VerdictRow = z.infer<typeof verdictRow>;

const SCOPE = { name: "@slipstream/aggregator", version: VERSION };
const SAMPLED = 1;
const INTERNAL = 0;
const UNSET = 0;
const BPS = 10_000;
const US_PER_S = 1_000_000;
const NS_PER_US = 1_000;
const list = z.array(z.string()).catch([]);

/**
 * A final verdict as a span of the trade's trace: a child of the trade's span, and linked to it, so that whoever opens the trade sees it,
 * and so does who looks for links. It takes one microsecond, just before the trade's end: so the trace is no longer than the trade was,
 * although the verdict came later (`mev.decided_at`). A span that takes no time, or ends a part of a microsecond after its parent, gets a
 * warning in Jaeger ("Negative duration detected", "clock skew"). The same verdict always has the same id.
 *
 * @returns undefined if the trade's span is not known: an older version did not keep it
 */
export function verdictSpan(row: HistoryRow): EncodableSpan | undefined {
  const parsed = verdictRow.safeParse(recordOf(row));
  if (!parsed.success) return undefined;
  const verdict = parsed.data;
  const trade = { traceId: verdict.trace_id, spanId: verdict.span_id, traceFlags: SAMPLED, isRemote: true };
  return {
    name: VERDICT_SPAN,
    kind: INTERNAL,
    startTime: momentOf(verdict.timestamp - 2),
    endTime: momentOf(verdict.timestamp - 1),
    status: { code: UNSET },
    attributes: attributesOf(verdict),
    links: [{ context: trade }],
    events: [],
    parentSpanContext: trade,
    instrumentationScope: SCOPE,
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
    spanContext: () => ({ traceId: verdict.trace_id, spanId: idOf(verdict), traceFlags: SAMPLED }),
  };
}

/** Seconds and nanoseconds of Unix microseconds. */
function momentOf(us: number): [number, number] {
  return [Math.floor(us / US_PER_S), (us % US_PER_S) * NS_PER_US];
}

/** What is not known is left out. */
function attributesOf(row: VerdictRow): Readonly<Record<string, string | number | string[]>> {
  const attackers = list.parse(jsonOf(row.attackers));
  const { loss_usd: loss, residual, size_usd: size } = row;
  // The error of the replay is that of the output, and so of the size.
  const open = residual === null || size === null ? null : residual * size;
  const values: Readonly<Record<string, string | number | string[] | null>> = {
    [verdictAttribute.verdict]: row.verdict,
    [verdictAttribute.confidence]: row.confidence,
    [verdictAttribute.label]: row.label,
    [verdictAttribute.reason]: row.reason,
    [verdictAttribute.lossUsd]: loss,
    [verdictAttribute.lossUsdLow]: loss === null || open === null ? null : Math.max(0, loss - open),
    [verdictAttribute.lossUsdHigh]: loss === null || open === null ? null : loss + open,
    [verdictAttribute.lossBps]: row.loss_ratio === null ? null : BPS * row.loss_ratio,
    [verdictAttribute.lossAtoms]: row.loss_atoms,
    [verdictAttribute.lossToken]: row.loss_token,
    [verdictAttribute.attackers]:
      attackers.length > 0 ? attackers : row.attacker === null ? null : [row.attacker],
    [verdictAttribute.frontSignature]: row.front_signature,
    [verdictAttribute.backSignature]: row.back_signature,
    [verdictAttribute.pool]: row.pool,
    [verdictAttribute.leader]: row.leader,
    [verdictAttribute.evidence]: row.evidence === "[]" ? null : row.evidence,
    [verdictAttribute.decidedAt]: row.decided_ms === null ? null : new Date(row.decided_ms).toISOString(),
    [verdictAttribute.protectionSource]: row.protection_source,
    [attribute.mevProtection]: row.protection,
    [attribute.tradeId]: row.trade_id,
    [attribute.tradePair]: row.pair,
    [attribute.tradeSizeUsd]: size,
    [attribute.tradeStrategy]: row.strategy,
    [attribute.solanaSlot]: row.slot,
    [attribute.solanaSignature]: row.signature,
    [attribute.jitoTipLamports]: row.tip_lamports,
    [verdictAttribute.service]: row.service,
  };
  return Object.fromEntries(
    Object.entries(values).filter(
      (entry): entry is [string, string | number | string[]] => entry[1] !== null,
    ),
  );
}

function jsonOf(text: string | null): unknown {
  try {
    return JSON.parse(text ?? "null");
  } catch {
    return undefined;
  }
}

function idOf({ trace_id, span_id, trade_id, verdict }: VerdictRow): string {
  const hash = createHash("sha256").update(
    JSON.stringify([VERDICT_SPAN, trace_id, span_id, trade_id, verdict]),
  );
  return hash.digest("hex").slice(0, 16);
}

import { trace } from "@opentelemetry/api";
import type { Decision } from "../market/decisions.ts";
import type { Market } from "../market/market.ts";
import { inputToken, outputToken, toAtoms } from "../market/tokens.ts";
import type { TradeTruth } from "../truth/model.ts";
import { Calls } from "./calls.ts";
import { confirm, settle } from "./confirm.ts";
import { failureOf, TradeFailure } from "./failure.ts";
import { feesUsd, profitUsd, roundUsd, valuation } from "./pnl.ts";
import { spanTimes } from "./span-times.ts";
import { quote, refreshBlockhash, sign, simulate, submit, swap, type Venue, writeRow } from "./steps.ts";
import type { TradeTelemetry } from "./telemetry.ts";
import { detailsAtEnd, detailsAtStart, rowOf } from "./trade-details.ts";

export interface TradeResult {
  readonly truth: TradeTruth;
  /** False where the infrastructure failed. */
  readonly healthy: boolean;
  /** True where the store took the row. */
  readonly stored: boolean;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };
/** What is known of a trade while it runs. */
type Draft = Mutable<TradeTruth>;

/** Makes one trade from the decision to the row in the store, under a `trade.execute` span. Never rejects. */
export async function makeTrade(
  venue: Venue,
  telemetry: TradeTelemetry,
  market: Market,
  decision: Decision,
  id: string,
): Promise<TradeResult> {
  const startMs = performance.now();
  const decidedAtMs = Date.now();
  const calls = new Calls(telemetry.latencyTracker);
  const fair = valuation(market, decision, venue.clock.now());
  const amountIn = toAtoms(inputToken(decision.pair, decision.side), decision.sizeUsd / fair.inputUsd);
  const draft = begin(decision, id, decidedAtMs, fair.solUsd);
  const elapsedMs = (): number => performance.now() - startMs;
  let span: ReturnType<typeof trace.getActiveSpan>;
  let failure: TradeFailure | undefined;
  let stored = false;

  const run = async (): Promise<void> => {
    const quoted = await quote(venue, calls, decision, amountIn);
    draft.quotedOut = String(quoted.out);
    draft.minOut = String(quoted.minOut);
    const unsigned = await swap(venue, calls, decision, quoted);
    draft.computeUnitLimit = unsigned.request.computeUnitLimit;
    const prepared = await refreshBlockhash(venue, calls, unsigned);
    await simulate(venue, calls, prepared);
    const signed = await sign(venue, calls, prepared);
    draft.signature = signed.signature;
    const { bundleId } = await submit(venue, calls, decision, signed);
    draft.latencyMs = elapsedMs();
    draft.accepted = true;
    draft.jitoBundleId = bundleId ?? null;
    const confirmation = await confirm(venue, calls, signed, prepared);
    draft.confirmMs = elapsedMs();
    draft.slot = confirmation.slot;
    const settled = await settle(venue, calls, signed, outputToken(decision.pair, decision.side).mint);
    draft.priorityFeeLamports = settled?.priorityFeeLamports ?? null;
    draft.baseFeeLamports = settled?.baseFeeLamports ?? null;
    const feesLamports = (draft.priorityFeeLamports ?? 0) + (draft.baseFeeLamports ?? 0);
    if (confirmation.reverted) {
      draft.pnlUsd = roundUsd(-feesUsd(fair, feesLamports));
      throw new TradeFailure("slippage");
    }
    draft.jitoTipLamports = decision.jitoTipLamports || null;
    draft.status = "success";
    if (settled === undefined) return;
    draft.actualOut = String(settled.out);
    draft.slippageBps = (1e4 * Number(quoted.out - settled.out)) / Number(quoted.out);
    const paid = feesLamports + decision.jitoTipLamports;
    draft.pnlUsd = profitUsd(decision, fair, { in: amountIn, out: settled.out, feesLamports: paid });
  };

  try {
    await telemetry.trades.execute(detailsAtStart(draft), async (trade) => {
      span = trace.getActiveSpan();
      try {
        await run();
      } catch (error) {
        failure = failureOf(error, "node_unavailable");
        draft.failure = failure.reason;
      }
      stored = await writeRow(venue, calls, rowOf(draft));
      trade.set(detailsAtEnd(draft));
      if (failure !== undefined) throw failure;
    });
  } catch (error) {
    failure ??= failureOf(error, "node_unavailable");
  }
  const times = spanTimes(span) ?? { durationMs: elapsedMs(), endMs: Date.now() };
  draft.durationMs = times.durationMs;
  draft.endedAtMs = times.endMs;
  if (!draft.accepted) draft.latencyMs = times.durationMs;
  draft.calls = calls.made;
  return { truth: draft, healthy: failure?.healthy ?? true, stored };
}

function begin(decision: Decision, id: string, decidedAtMs: number, solUsd: number): Draft {
  return {
    type: "trade",
    id,
    pair: decision.pair.name,
    side: decision.side,
    strategy: decision.strategy,
    protection: decision.protection,
    status: "failed",
    failure: null,
    decidedAtMs,
    endedAtMs: decidedAtMs,
    accepted: false,
    latencyMs: 0,
    durationMs: 0,
    confirmMs: null,
    sizeUsd: decision.sizeUsd,
    pnlUsd: 0,
    solUsd,
    quotedOut: null,
    minOut: null,
    actualOut: null,
    toleranceBps: decision.toleranceBps,
    slippageBps: null,
    signature: null,
    slot: null,
    computeUnitLimit: null,
    computeUnitPrice: decision.computeUnitPrice,
    priorityFeeLamports: null,
    baseFeeLamports: null,
    jitoTipLamports: null,
    jitoBundleId: null,
    calls: [],
  };
}

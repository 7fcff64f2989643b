import type { Span } from "@opentelemetry/api";
import type { Decision } from "../market/decisions.ts";
import type { Market } from "../market/market.ts";
import { inputToken, outputToken, toAtoms } from "../market/tokens.ts";
import type { TradeTruth } from "../truth/model.ts";
import type { Books } from "./books/books.ts";
import { Calls } from "./calls.ts";
import { type Confirmation, confirm, type Settlement, settle } from "./confirm.ts";
import { beginDraft, type Draft } from "./draft.ts";
import { failureOf, TradeFailure } from "./failure.ts";
import { feesUsd, profitUsd, roundUsd, type Valuation, valuation } from "./pnl.ts";
import { spanTimes } from "./span-times.ts";
import { quote, refreshBlockhash, sign, simulate, submit, swap } from "./steps.ts";
import type { TradeTelemetry } from "./telemetry.ts";
import { detailsAtEnd, detailsAtStart } from "./trade-details.ts";
import type { Venue } from "./venue.ts";

export interface TradeResult {
  readonly truth: TradeTruth;
  /** False if the infrastructure failed. */
  readonly healthy: boolean;
  /** Undefined if the trade succeeded. */
  readonly failure: TradeFailure | undefined;
}

/** A running trade. */
interface Run {
  readonly venue: Venue;
  readonly decision: Decision;
  readonly calls: Calls;
  readonly draft: Draft;
  readonly fair: Valuation;
  readonly amountIn: bigint;
  /** Time since the decision, which is the start of the trade's span. */
  readonly elapsedMs: () => number;
}

/** What a trade is made with. */
export interface TradeParts {
  readonly venue: Venue;
  readonly telemetry: TradeTelemetry;
  readonly market: Market;
  readonly books: Pick<Books, "enter">;
}

/** Makes one trade, from the decision to its entry in the books, in a `trade.execute` span. Never rejects. */
export async function makeTrade(
  { venue, telemetry, market, books }: TradeParts,
  decision: Decision,
  id: string,
): Promise<TradeResult> {
  const run = begin(venue, telemetry, market, decision, id);
  const { calls, draft } = run;
  let span: Span | undefined;
  let failure: TradeFailure | undefined;
  try {
    const details = detailsAtStart(draft, decision, venue.wallet.address);
    await telemetry.trades.execute(details, async (trade) => {
      span = trade.span;
      try {
        await execute({ ...run, elapsedMs: stopwatch() });
      } catch (error) {
        failure = failureOf(error, "node_unavailable");
        draft.failure = failure.reason;
      }
      await books.enter(draft, calls);
      trade.set(detailsAtEnd(draft));
      if (failure !== undefined) throw failure;
    });
  } catch (error) {
    failure ??= failureOf(error, "node_unavailable");
  }
  const times = spanTimes(span) ?? { durationMs: run.elapsedMs(), endMs: Date.now() };
  draft.durationMs = times.durationMs;
  draft.endedAtMs = times.endMs;
  if (!draft.accepted) draft.latencyMs = times.durationMs;
  draft.calls = calls.made;
  return { truth: draft, healthy: failure?.healthy ?? true, failure };
}

function begin(venue: Venue, telemetry: TradeTelemetry, market: Market, decision: Decision, id: string): Run {
  const elapsedMs = stopwatch();
  const fair = valuation(market, decision, venue.clock.now());
  const amountIn = toAtoms(inputToken(decision.pair, decision.side), decision.sizeUsd / fair.inputUsd);
  return {
    venue,
    decision,
    calls: new Calls(telemetry.latencyTracker),
    draft: beginDraft(decision, { id, decidedAtMs: Date.now(), solUsd: fair.solUsd, amountIn }),
    fair,
    amountIn,
    elapsedMs,
  };
}

/** @returns Milliseconds since the call. */
function stopwatch(): () => number {
  const startMs = performance.now();
  return () => performance.now() - startMs;
}

/** Runs the steps in order and records their results in the draft. Throws if the trade fails. */
async function execute(run: Run): Promise<void> {
  const { venue, calls, decision, draft } = run;
  const quoted = await quote(venue, calls, decision, run.amountIn);
  draft.quotedOut = String(quoted.out);
  draft.minOut = String(quoted.minOut);
  const unsigned = await swap(venue, calls, decision, quoted);
  draft.computeUnitLimit = unsigned.request.computeUnitLimit;
  const prepared = await refreshBlockhash(venue, calls, unsigned);
  await simulate(venue, calls, prepared);
  const signed = await sign(venue, calls, prepared);
  draft.signature = signed.signature;
  const { bundleId } = await submit(venue, calls, decision, signed);
  draft.latencyMs = run.elapsedMs();
  draft.accepted = true;
  draft.jitoBundleId = bundleId ?? null;
  const confirmation = await confirm(venue, calls, signed, prepared);
  draft.confirmMs = run.elapsedMs();
  draft.slot = confirmation.slot;
  if (!confirmation.reverted) draft.status = "success";
  draft.pnlUsd = null;
  // The outcome is settled. If the desk stops now, it knows less about the trade, but the trade has not
  // failed.
  const mint = outputToken(decision.pair, decision.side).mint;
  const settlement = await settle(venue, calls, signed, mint).catch(unlessUnexpected);
  if (settlement !== undefined) account(run, quoted.out, confirmation, settlement);
  if (confirmation.reverted) throw new TradeFailure("slippage");
}

function unlessUnexpected(error: unknown): undefined {
  if (!(error instanceof TradeFailure)) throw error;
}

/**
 * Records what the transaction returned and cost. A reverted transaction costs its fees but not the tip,
 * which was reverted too.
 */
function account(
  { draft, decision, fair, amountIn }: Run,
  quotedOut: bigint,
  { reverted }: Confirmation,
  { priorityFeeLamports, baseFeeLamports, out }: Settlement,
): void {
  const fees = priorityFeeLamports + baseFeeLamports;
  draft.priorityFeeLamports = priorityFeeLamports;
  draft.baseFeeLamports = baseFeeLamports;
  if (reverted) {
    draft.pnlUsd = roundUsd(-feesUsd(fair, fees));
    return;
  }
  draft.jitoTipLamports = decision.jitoTipLamports || null;
  draft.actualOut = String(out);
  draft.slippageBps = (1e4 * Number(quotedOut - out)) / Number(quotedOut);
  const feesLamports = fees + decision.jitoTipLamports;
  draft.pnlUsd = profitUsd(decision, fair, { in: amountIn, out, feesLamports });
}

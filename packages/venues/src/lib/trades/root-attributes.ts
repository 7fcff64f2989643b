import { attribute } from "@slipstream/conventions";
import { direction, dollars, transactionFee, wrappedSol } from "@slipstream/solana";
import { defined } from "../defined.ts";
import { tipLamports } from "../transaction/sent-transaction.ts";
import type { AttributeValues } from "../venue.ts";
import type { Attempt } from "./attempt.ts";
import type { Outcome } from "./outcome.ts";
import type { TransactionState } from "./transaction-state.ts";

const ATOMS_PER_DOLLAR = 1e6;
const LAMPORTS_PER_SOL = 1e9;

/**
 * Attributes of a trade's root span. What is not known is not there.
 * @param solUsd price of SOL, if it is known for the time of the trade
 */
export function rootAttributes(
  attempt: Attempt<unknown, unknown>,
  { status, reason, transaction }: Outcome,
  solUsd: number | undefined,
): AttributeValues {
  const { name, quote, startMs, executed } = attempt;
  const sent = transaction?.sent;
  const traded = quote === undefined ? undefined : direction(quote.inputMint, quote.outputMint);
  const realised = status === "success" ? transaction?.realised : undefined;
  const owner = attempt.taker ?? sent?.feePayer;
  const gained = (mint: string | undefined): bigint | undefined =>
    realised?.gains.find((gain) => gain.owner === owner && gain.mint === mint)?.atoms;
  const [out, paid] = [gained(quote?.outputMint), gained(quote?.inputMint)];
  const done = status === "success" ? executed?.fact : undefined;
  const landedMs = Number.isFinite(transaction?.confirmedMs) ? transaction?.confirmedMs : undefined;
  return defined({
    [attribute.tradeId]: transaction?.signature,
    [attribute.tradePair]: name?.pair ?? traded?.pair,
    [attribute.tradeSide]: name?.side ?? (name?.pair === undefined ? traded?.side : undefined),
    [attribute.tradeStrategy]: name?.strategy,
    [attribute.tradeSizeUsd]: name?.sizeUsd ?? sizeUsd(attempt, solUsd),
    [attribute.tradeSolUsd]: solUsd,
    [attribute.tradeStatus]: status,
    [attribute.tradeFailureReason]: reason,
    [attribute.tradeLatencyMs]: since(startMs, acceptedMs(attempt)),
    [attribute.tradeConfirmMs]: since(
      startMs,
      landedMs ?? (transaction?.status === undefined ? done && executed?.atMs : undefined),
    ),
    [attribute.tradeTokenIn]: quote?.inputMint,
    [attribute.tradeTokenOut]: quote?.outputMint,
    [attribute.tradeQuotedOut]: quote?.outAmount,
    [attribute.tradeMinOut]: quote?.exactOut === true ? undefined : quote?.threshold,
    [attribute.tradeActualOut]: out !== undefined && out > 0n ? String(out) : done?.outAmount,
    [attribute.tradeAmountIn]:
      quote?.exactOut === true
        ? ((paid !== undefined && paid < 0n ? String(-paid) : undefined) ?? done?.inAmount)
        : quote?.inAmount,
    [attribute.tradePool]: quote?.pools.length === 1 ? quote.pools[0] : undefined,
    [attribute.tradeSlippageToleranceBps]: quote?.slippageBps,
    [attribute.solanaSignature]: transaction?.signature,
    [attribute.solanaSigner]: sent?.feePayer,
    [attribute.solanaSlot]: transaction?.status?.slot ?? done?.slot,
    ...fees(transaction),
    [attribute.solanaComputeUnitLimit]: sent?.computeUnitLimit,
    [attribute.solanaComputeUnitPrice]: sent?.computeUnitPrice,
    [attribute.jitoTipLamports]: tips(attempt, transaction),
    [attribute.jitoBundleId]: transaction?.bundleId,
    [attribute.mevProtection]: protection(transaction),
  });
}

function since(startMs: number, endMs: number | undefined): number | undefined {
  return endMs === undefined ? undefined : Math.max(0, endMs - startMs);
}

/** When the network first took one of its transactions. */
export function acceptedMs({ transactions }: Attempt<unknown, unknown>): number | undefined {
  const first = Math.min(...transactions.map((each) => each.acceptedMs));
  return Number.isFinite(first) ? first : undefined;
}

/** What was paid: nothing by a transaction that is not on the chain. */
function fees(transaction: TransactionState | undefined): Readonly<Record<string, number | undefined>> {
  if (transaction?.status === undefined) return {};
  const { realised, sent } = transaction;
  const named = sent?.version === 1 ? sent.priorityFeeLamports : undefined;
  const paid =
    realised === undefined
      ? undefined
      : transactionFee(
          BigInt(realised.fee),
          realised.signatures,
          named === undefined ? undefined : BigInt(named),
        );
  return {
    [attribute.solanaPriorityFeeLamports]:
      paid === undefined ? sent?.priorityFeeLamports : Number(paid.priority),
    [attribute.solanaBaseFeeLamports]: paid === undefined ? undefined : Number(paid.base),
  };
}

/** Of the transaction and of others in its bundle. */
function tips(
  { companionTips }: Attempt<unknown, unknown>,
  transaction: TransactionState | undefined,
): number | undefined {
  const own = transaction?.sent === undefined ? 0 : tipLamports(transaction.sent);
  const all = [...companionTips.values()].reduce((sum, lamports) => sum + lamports, own);
  return all > 0 ? all : undefined;
}

/** The only service that it went to. If it also went elsewhere, nobody can tell which way it landed. */
function protection(transaction: TransactionState | undefined): string | undefined {
  const [service, ...others] = transaction?.services ?? [];
  return service === undefined || service === "" || others.length > 0 ? undefined : service;
}

function sizeUsd({ quote }: Attempt<unknown, unknown>, solUsd: number | undefined): number | undefined {
  if (quote === undefined) return undefined;
  const { inputMint, outputMint, inAmount, outAmount, usd } = quote;
  const dollarAtoms = dollars.has(inputMint) ? inAmount : dollars.has(outputMint) ? outAmount : undefined;
  if (dollarAtoms !== undefined) return Number(dollarAtoms) / ATOMS_PER_DOLLAR;
  if (usd !== undefined && usd > 0) return usd;
  const lamports = inputMint === wrappedSol ? inAmount : outputMint === wrappedSol ? outAmount : undefined;
  return lamports === undefined || solUsd === undefined
    ? undefined
    : (Number(lamports) / LAMPORTS_PER_SOL) * solUsd;
}

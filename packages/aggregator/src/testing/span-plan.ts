import { attribute, semconv, spanName } from "@slipstream/conventions";

/** A span that a client is to send, in a form that a client in another language can read. */
export interface PlannedSpan {
  readonly name: string;
  readonly kind: "internal" | "client";
  /** Unix ns, a decimal string: JSON's numbers cannot hold it. */
  readonly startNs: string;
  readonly endNs: string;
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
  readonly children: readonly PlannedSpan[];
}

/** A gauge that a client is to send. */
export interface PlannedGauge {
  readonly name: string;
  readonly value: number;
  readonly attributes: Readonly<Record<string, string>>;
}

/** What the trades of a plan add up to, worked out beside the spans and not from them. */
export interface PlanTruth {
  spans: number;
  succeeded: number;
  failed: number;
  priorityFeesLamports: number;
  pnlUsd: number;
  /** Seconds, one per trade. */
  readonly tradeLatency: number[];
  readonly nodeLatency: number[];
  readonly jupiterLatency: number[];
  readonly databaseLatency: number[];
  /** Of the trades that succeeded. */
  readonly slippage: number[];
}

export interface TradePlan {
  readonly spans: readonly PlannedSpan[];
  readonly truth: PlanTruth;
}

/** Trades that end within the 4 s before `endMs`, each with its calls; every seventh failed. */
export function planTrades(count: number, endMs: number): TradePlan {
  const truth: PlanTruth = {
    spans: 0,
    succeeded: 0,
    failed: 0,
    priorityFeesLamports: 0,
    pnlUsd: 0,
    tradeLatency: [],
    nodeLatency: [],
    jupiterLatency: [],
    databaseLatency: [],
    slippage: [],
  };
  const call = (
    name: string,
    endNs: bigint,
    micros: number,
    into: number[],
    method?: string,
  ): PlannedSpan => {
    truth.spans += 1;
    into.push(micros / 1e6);
    const attributes = method === undefined ? {} : { [semconv.rpcMethod]: method };
    return { name, kind: "client", ...times(endNs, micros), attributes, children: [] };
  };
  const spans = Array.from({ length: count }, (_, index): PlannedSpan => {
    const endNs = BigInt(endMs) * 1_000_000n - BigInt(index % 4000) * 1_000_000n;
    const isFailed = index % 7 === 3;
    const latencyMicros = 30_000 + ((index * 7_919) % 300_000) + (index % 50 === 0 ? 400_000 : 0);
    const feeLamports = 5_000 + index * 3;
    const pnlUsd = ((index % 9) - 3) * 1.25;
    const [quoted, actual] = [10n ** 18n + BigInt(index), 10n ** 18n - BigInt(index % 11) * 10n ** 15n];

    truth.spans += 1;
    truth.tradeLatency.push(latencyMicros / 1e6);
    truth.priorityFeesLamports += feeLamports;
    truth.pnlUsd += pnlUsd;
    if (isFailed) truth.failed += 1;
    else {
      truth.succeeded += 1;
      truth.slippage.push(Math.abs(Number(actual - quoted)) / Number(quoted));
    }
    return {
      name: spanName.tradeExecute,
      kind: "internal",
      ...times(endNs, latencyMicros),
      attributes: {
        [attribute.tradeId]: `trade-${endMs}-${index}`,
        [attribute.tradePair]: "SOL/USDC",
        [attribute.tradeStatus]: isFailed ? "failed" : "success",
        [attribute.tradePnlUsd]: pnlUsd,
        [attribute.tradeQuotedOut]: String(quoted),
        [attribute.tradeActualOut]: String(actual),
        [attribute.solanaPriorityFeeLamports]: feeLamports,
        "trade.note": 'an attribute that nobody knows, "quoted" \\ é 😀',
      },
      children: [
        call(spanName.jupiterQuote, endNs, 8_000 + ((index * 104_729) % 90_000), truth.jupiterLatency),
        call(
          spanName.solanaRpc,
          endNs,
          900 + ((index * 1_299_709) % 60_000),
          truth.nodeLatency,
          "sendTransaction",
        ),
        call(spanName.dbWrite, endNs, 700 + ((index * 15_485_863) % 9_000), truth.databaseLatency),
      ],
    };
  });
  return { spans, truth };
}

function times(endNs: bigint, micros: number): { startNs: string; endNs: string } {
  return { startNs: String(endNs - BigInt(micros) * 1_000n), endNs: String(endNs) };
}

/** The exact percentile by nearest rank. */
export function nearestRank(values: readonly number[], q: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.ceil(q * sorted.length) - 1] ?? Number.NaN;
}

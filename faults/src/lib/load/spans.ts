import { attribute, semconv, spanName } from "@slipstream/conventions";
import type { Random } from "@slipstream/testing/random";
import { keyValues, type SpanMessage } from "../otlp/messages.ts";

/**
 * 1/512 s: all durations are multiples of it and all slippage is a binary fraction, so that sums of them are exact in
 * a double and do not depend on the order in which they were added.
 */
const DURATION_STEP_NS = 1_953_125n;
const DURATION_STEP_MS = 1_000 / 512;
const QUOTED = 2n ** 40n;

export type Values = Readonly<Record<string, string | number | boolean>>;

export interface SpanSource {
  /** The number of the next span that the process ends; undefined: the service does not number its spans. */
  nextNumber(): number | undefined;
  /** A Unix time in ns near `timeMs` that no other span has. */
  uniqueNs(timeMs: number): bigint;
}

/** Makes the spans of one trade: its root and its calls, one of which is told twice, as stock instrumentations do. */
export class TradeMaker {
  readonly #random: Random;
  readonly #profitOutsideWindows: boolean;

  /** @param profitOutsideWindows whether trades that belong in no window tell their profit */
  constructor(random: Random, profitOutsideWindows: boolean) {
    this.#random = random;
    this.#profitOutsideWindows = profitOutsideWindows;
  }

  /**
   * Spans of a trade that ended at `timeMs`.
   *
   * @param inWindow not too late for the windows
   * @param onChain what its root tells of where it stands on a chain
   */
  trade(timeMs: number, source: SpanSource, inWindow: boolean, onChain: Values = {}): SpanMessage[] {
    const random = this.#random;
    const traceId = random.hex(16);
    const rootId = random.hex(8);
    // All of a canary's spans say so: those that do not count or not by which of them comes first. The chain knows nothing of canaries.
    const marked: Values =
      Object.keys(onChain).length === 0 && random.chance(0.01) ? { [attribute.slipstreamCanary]: true } : {};
    const make = (
      name: string,
      kind: number,
      values: Values,
      parent?: string,
      failed = false,
    ): SpanMessage => {
      const end = source.uniqueNs(timeMs);
      const number = source.nextNumber();
      return {
        traceId,
        spanId: parent === undefined ? rootId : random.hex(8),
        ...(parent === undefined ? {} : { parentSpanId: parent }),
        name,
        kind,
        startTimeUnixNano: String(end - DURATION_STEP_NS * BigInt(random.int(0, 400))),
        endTimeUnixNano: String(end),
        attributes: keyValues({
          ...values,
          ...marked,
          ...(number === undefined ? {} : { [attribute.slipstreamSeq]: number }),
        }),
        status: { code: failed ? 2 : 1 },
      };
    };
    const call = (name: string, values: Values = {}): SpanMessage =>
      make(name, 3, values, rootId, random.chance(0.03));

    const method = random.pick(["getSlot", "getLatestBlockhash"]);
    const calls = [
      () => call(spanName.jupiterQuote),
      () => call(spanName.jupiterSwap),
      () => call(spanName.solanaRpc, { [semconv.rpcMethod]: method }),
      () => call(spanName.dbWrite),
      () => call(random.pick(["think", "rebalance", "GET /quote"])),
    ]
      .filter(() => random.chance(0.6))
      .map((make) => make());
    const outer = call(spanName.solanaRpc, { [semconv.rpcMethod]: "sendTransaction" });
    const inner = make("POST", 3, stockHttp, outer.spanId);
    const told = random.chance(0.5) ? [inner, outer] : [outer, inner];
    const failed = random.chance(0.1);
    return [
      ...calls,
      ...told,
      make(
        spanName.tradeExecute,
        1,
        { ...this.#tradeValues(failed, inWindow), ...onChain },
        undefined,
        failed,
      ),
    ];
  }

  #tradeValues(failed: boolean, inWindow: boolean): Values {
    const random = this.#random;
    const fromBlock = random.chance(0.01);
    const profit = (inWindow && !fromBlock) || this.#profitOutsideWindows;
    const off = BigInt(random.int(-200, 200)) * 2n ** 26n;
    const optional: Values[] = [
      { [attribute.tradeLatencyMs]: random.int(1, 600) * DURATION_STEP_MS },
      { [attribute.tradeConfirmMs]: random.int(100, 6_000) * DURATION_STEP_MS },
      profit ? { [attribute.tradePnlUsd]: random.int(-5_000_000, 6_000_000) / 1_000 } : {},
      { [attribute.solanaPriorityFeeLamports]: random.int(0, 2_000_000) },
      { [attribute.tradeQuotedOut]: String(QUOTED), [attribute.tradeActualOut]: String(QUOTED - off) },
    ];
    return Object.assign(
      {
        [attribute.tradeId]: random.hex(6),
        [attribute.tradePair]: random.pick(["SOL/USDC", "JUP/SOL", "BONK/SOL"]),
        [attribute.tradeSide]: random.pick(["buy", "sell"]),
        [attribute.tradeSizeUsd]: random.int(10, 250_000),
        [attribute.mevProtection]: random.pick(["none", "jito"]),
        [attribute.tradeStatus]: failed ? "failed" : "success",
      },
      ...optional.filter(() => random.chance(0.9)),
      fromBlock ? { [attribute.tradeSource]: "block" } : {},
    );
  }
}

const stockHttp: Values = {
  [semconv.httpMethod]: "POST",
  [semconv.serverAddress]: "desk.helius-rpc.com",
  [semconv.urlPath]: "/",
  [semconv.httpStatus]: 200,
};

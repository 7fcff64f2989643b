import { isDeepStrictEqual } from "node:util";
import { SlipstreamError } from "@slipstream/conventions";
import { BOUNDARY_MS } from "./boundaries.ts";

const PANE_SECONDS = BOUNDARY_MS / 1_000;

/** What a desk may decide about its statistics. Everything else is in the log. */
export interface EngineOptions {
  /** Window of rates and shares. A multiple of 5. */
  readonly rateWindowSeconds: number;
  /** Window of percentiles. A multiple of 5. */
  readonly percentileWindowSeconds: number;
  /** Window of MEV rates. */
  readonly mevWindowSeconds: number;
  /** A trade whose output is off its quote by no more than this counts as accurate. */
  readonly slippageToleranceBps: number;
  /** What `total_pnl` is a share of; without it, that one is unknown. */
  readonly capitalUsd?: number;
  /** RPC methods that the node's percentiles and error rate are made of; all where left out. `exclude` wins. */
  readonly nodeMethods: { readonly include?: readonly string[]; readonly exclude?: readonly string[] };
  /** How far events may be out of order before an instant must be amended. */
  readonly allowedLatenessMs: number;
  /** How far behind the newest instant one may still be amended; counted in whole instants, rounded up. */
  readonly amendmentSeconds: number;
  /** Names of operations told apart, Slipstream's own not counted; further ones are one operation, "other". */
  readonly maxOperations: number;
  /** Services told apart; further ones are one service, "other". */
  readonly maxServices: number;
  /** Span keys remembered, in two halves: a repeat is recognised among the last `dedupeSpans / 2` spans, at least. */
  readonly dedupeSpans: number;
  /** Hosts of the Jupiter API beside the built-in ones: `host`, `host:port` or `*.domain`. */
  readonly jupiterHosts: readonly string[];
  /** Hosts of Solana RPC nodes, for HTTP spans that do not say what they carry: `host`, `host:port` or `*.domain`. */
  readonly rpcHosts: readonly string[];
}

export const defaultEngineOptions: EngineOptions = {
  rateWindowSeconds: 60,
  percentileWindowSeconds: 300,
  mevWindowSeconds: 86_400,
  slippageToleranceBps: 50,
  nodeMethods: {},
  allowedLatenessMs: 2_000,
  amendmentSeconds: 300,
  maxOperations: 64,
  maxServices: 256,
  dedupeSpans: 8 * 1024 * 1024,
  jupiterHosts: [],
  rpcHosts: [],
};

/**
 * The options with what is left out, fit for use.
 *
 * @throws SlipstreamError where a window is not a positive multiple of 5 s: windows are made of panes of 5 s.
 */
export function completeOptions(options: Partial<EngineOptions>): EngineOptions {
  const complete = { ...defaultEngineOptions, ...options };
  for (const field of ["rateWindowSeconds", "percentileWindowSeconds"] as const) {
    const seconds = complete[field];
    if (seconds > 0 && Number.isInteger(seconds / PANE_SECONDS)) continue;
    const message = `${field} is ${seconds}; it must be a multiple of ${PANE_SECONDS}, ${PANE_SECONDS} or more`;
    throw new SlipstreamError("invalid_option", message, { field });
  }
  const amendmentSeconds = Math.ceil(complete.amendmentSeconds / PANE_SECONDS) * PANE_SECONDS;
  return { ...complete, amendmentSeconds };
}

/** Whether two sets of options, complete ones, are the same in every field. */
export function sameOptions(a: EngineOptions, b: EngineOptions): boolean {
  // A field that is undefined is as good as none.
  const told = (options: EngineOptions) =>
    Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  return isDeepStrictEqual(told(a), told(b));
}

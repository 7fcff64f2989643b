import { isDeepStrictEqual } from "node:util";
import { type Config, optionsOf, type Values, valuesOf } from "@slipstream/config";
import { SlipstreamError } from "@slipstream/conventions";
import { BOUNDARY_MS } from "./boundaries.ts";
import type { DeskRules } from "./desks/desk-rules.ts";

const PANE_SECONDS = BOUNDARY_MS / 1_000;
const HOSTS = /^(\*\.)?[^\s/:*]+(:\d{1,5})?$/;
const HOSTS_ALLOWED = "a list of host, host:port or *.domain";

/** What a desk may decide about its statistics. Everything else is in the log. */
export const engineOptions = {
  title: "Statistics",
  options: {
    capitalUsd: {
      type: "number",
      above: 0,
      unit: "US dollars",
      unset: "none; total_pnl is unknown",
      env: "SLIPSTREAM_CAPITAL_USD",
      help: "what the desk trades with; total_pnl is a percentage of it",
    },
    slippageToleranceBps: {
      type: "number",
      min: 0,
      max: 10_000,
      unit: "basis points",
      default: 50,
      env: "SLIPSTREAM_SLIPPAGE_TOLERANCE_BPS",
      help: "how far a trade's output may be off its quote to count as accurate",
    },
    rateWindowSeconds: {
      type: "number",
      multipleOf: PANE_SECONDS as number,
      min: PANE_SECONDS as number,
      max: 3_600,
      unit: "seconds",
      default: 60,
      env: "SLIPSTREAM_RATE_WINDOW_SECONDS",
      help: "window of rates and shares",
    },
    percentileWindowSeconds: {
      type: "number",
      multipleOf: PANE_SECONDS as number,
      min: PANE_SECONDS as number,
      max: 3_600,
      unit: "seconds",
      default: 300,
      env: "SLIPSTREAM_PERCENTILE_WINDOW_SECONDS",
      help: "window of percentiles",
    },
    mevWindowSeconds: {
      type: "number",
      multipleOf: PANE_SECONDS as number,
      min: PANE_SECONDS as number,
      max: 2_592_000,
      note: "seconds; 2592000 are 30 days",
      default: 86_400,
      env: "SLIPSTREAM_MEV_WINDOW_SECONDS",
      help: "window of MEV rates and losses",
    },
    sandwichWindowMs: {
      type: "number",
      min: 0,
      max: 25_600,
      unit: "milliseconds",
      default: 1_200,
      env: "SLIPSTREAM_SANDWICH_WINDOW_MS",
      help: "how far apart the front and the back run of a sandwich may be",
      details:
        "It is counted in whole slots of `slotMs`, 64 at most. That many blocks are read on each side of a trade.",
    },
    slotMs: {
      type: "number",
      min: 50,
      max: 10_000,
      unit: "milliseconds",
      default: 400,
      env: "SLIPSTREAM_SLOT_MS",
      help: "how long a slot of the chain takes",
    },
    allowedLatenessMs: {
      type: "number",
      min: 0,
      max: 60_000,
      unit: "milliseconds",
      default: 2_000,
      env: "SLIPSTREAM_ALLOWED_LATENESS_MS",
      help: "how long an instant waits for late events before it is published",
    },
    amendmentSeconds: {
      type: "number",
      min: 0,
      max: 3_600,
      unit: "seconds",
      default: 300,
      env: "SLIPSTREAM_AMENDMENT_SECONDS",
      help: "how far back late events still amend what was published",
      details: "Rounded up to a multiple of 5. Events that come later still count in the totals.",
    },
    nodeMethods: {
      type: "lists",
      names: ["include", "exclude"],
      allowed: '{ include: ["getAccountInfo", ...], exclude: ["getProgramAccounts", ...] }, each optional',
      default: {},
      unset: "all methods",
      help: "RPC methods that count in the node's latency and error rate; exclude takes precedence",
      details:
        "If `include` is left out, all methods count. A slow `getProgramAccounts` does not make a slow node.",
    },
    jupiterHosts: {
      type: "list",
      pattern: HOSTS as RegExp,
      allowed: HOSTS_ALLOWED as string,
      default: [],
      env: "SLIPSTREAM_JUPITER_HOSTS",
      help: "hosts of the Jupiter API, in addition to the built-in ones",
    },
    rpcHosts: {
      type: "list",
      pattern: HOSTS as RegExp,
      allowed: HOSTS_ALLOWED as string,
      default: [],
      env: "SLIPSTREAM_RPC_HOSTS",
      help: "hosts of Solana RPC nodes, for HTTP spans that do not say what they carry",
    },
    maxOperations: {
      type: "number",
      whole: true,
      min: 0,
      max: 10_000,
      default: 64,
      env: "SLIPSTREAM_MAX_OPERATIONS",
      help: "most operations with latencies of their own; the rest counts as one, other",
      details: "Slipstream's own operations are not counted.",
    },
    maxServices: {
      type: "number",
      whole: true,
      min: 1,
      max: 100_000,
      default: 256,
      env: "SLIPSTREAM_MAX_SERVICES",
      help: "most services with counts of their own; the rest counts as one, other",
    },
    maxLabelValues: {
      type: "number",
      whole: true,
      min: 1,
      max: 1_000,
      default: 32,
      env: "SLIPSTREAM_MAX_LABEL_VALUES",
      help: "most pairs, strategies and so on that have statistics of their own; the rest is counted together, as other",
      details:
        "The ones with the most trades have them. The limit holds for each label by itself: service, pair, strategy, protection, landing service. With every place taken, the default needs about 15 MiB.",
    },
    dailySummaryHour: {
      type: "number",
      whole: true,
      min: 0,
      max: 23,
      unit: "hours",
      default: 0,
      env: "SLIPSTREAM_DAILY_SUMMARY_HOUR",
      help: "hour (UTC) at which the alert daily-summary sums up the day before",
    },
    dedupeSpans: {
      type: "number",
      whole: true,
      min: 1_024,
      max: 268_435_456,
      default: 8_388_608,
      env: "SLIPSTREAM_DEDUPE_SPANS",
      help: "spans remembered so that repeats are recognized, in two halves",
      details: "A repeat is recognized at least among the last half of this number of spans.",
    },
  },
} as const;

interface WithDesks {
  /** Undefined: desks are not told apart, as versions before did not. */
  readonly desks?: DeskRules | undefined;
}

/** What may be set; the rest has its default. */
export type EngineConfig = Config<typeof engineOptions> & WithDesks;

export type EngineOptions = Values<typeof engineOptions> & WithDesks;

/**
 * The options with their defaults, fit for use. Limits are those of the edge, but windows are checked here too: they are made
 * of panes of 5 s.
 *
 * @throws SlipstreamError `invalid_option` for a window that is not a positive multiple of 5 s.
 */
export function completeOptions(options: EngineConfig): EngineOptions {
  const complete = valuesOf(engineOptions, options);
  for (const [field, option] of optionsOf([engineOptions])) {
    if (!("multipleOf" in option)) continue;
    const seconds = Number(complete[field as keyof typeof complete]);
    if (seconds > 0 && Number.isInteger(seconds / PANE_SECONDS)) continue;
    const message = `${field} is ${seconds}; it must be a multiple of ${PANE_SECONDS}, ${PANE_SECONDS} or more`;
    throw new SlipstreamError("invalid_option", message, { field });
  }
  const amendmentSeconds = Math.ceil(complete.amendmentSeconds / PANE_SECONDS) * PANE_SECONDS;
  const { desks } = options;
  return { ...complete, amendmentSeconds, ...(desks !== undefined && { desks }) };
}

/** Whether two sets of options, complete ones, are the same in every field. */
export function sameOptions(a: EngineOptions, b: EngineOptions): boolean {
  // A field that is undefined is as good as none.
  const set = (options: EngineOptions) =>
    Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  return isDeepStrictEqual(set(a), set(b));
}

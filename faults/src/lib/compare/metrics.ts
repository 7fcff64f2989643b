/** Samples of an OpenMetrics text by name and labels, with their exemplars. */
export type Samples = ReadonlyMap<string, string>;

/**
 * The samples of those families that `of` has too: what an aggregator tells of its own log and sinks is left out where
 * `of` is an engine's text.
 */
export function samplesOf(text: string, of: string = text): Samples {
  const families = new Set(Array.from(of.matchAll(/^# TYPE (\S+) /gm), ([, name]) => name));
  const samples = new Map<string, string>();
  let wanted = false;
  for (const line of text.split("\n")) {
    const [, type] = /^# TYPE (\S+) /.exec(line) ?? [];
    if (type !== undefined) wanted = families.has(type);
    if (line === "" || line.startsWith("#") || !wanted) continue;
    // A label's value may hold a space, but no "} ".
    const end = line.includes("} ") ? line.indexOf("} ") + 1 : line.indexOf(" ");
    samples.set(line.slice(0, end), line.slice(end + 1));
  }
  return samples;
}

/** How requests arrived: repeated or late ones, and items that have no identity. */
const ARRIVAL = /^slipstream_spans\{.*state="(duplicate|late|refused)"/;

export function samplesWithoutArrival(samples: Samples): Samples {
  return new Map([...samples].filter(([key]) => !ARRIVAL.test(key)));
}

/** Counted since the log began, whenever it was: neither windows nor the newest of something. */
const TOTAL = new RegExp(
  "^(trades_total|priority_fees_paid|slippage_error_ratio_|trade_execution_latency_seconds_|solana_node_latency_seconds_" +
    "|jupiter_api_latency_seconds_|database_write_latency_seconds_|slipstream_trade_confirmation_seconds_" +
    "|slipstream_operation_latency_seconds_|slipstream_pnl_usd|slipstream_completeness_ratio|slipstream_spans|mev_attacks_|slipstream_mev_trades)",
);

export function totalsOf(samples: Samples): Samples {
  return new Map([...samplesWithoutArrival(samples)].filter(([key]) => TOTAL.test(key)));
}

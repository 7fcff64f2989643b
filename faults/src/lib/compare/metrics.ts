/** Samples of an OpenMetrics text by name and labels, with their exemplars. */
export type Samples = ReadonlyMap<string, string>;

/**
 * The samples of a desk in those families that `of` has too: what an aggregator reports of its own log and sinks is left out if
 * `of` is an engine's text. They are without the label of the desk.
 *
 * @param desk "" for the aggregator's own, whose samples have no such label
 * @throws Error if the text has a sample or a family twice
 */
export function samplesOf(text: string, of: string = text, desk = ""): Samples {
  const families = new Set(familiesOf(of));
  if (new Set(familiesOf(text)).size < familiesOf(text).length)
    throw new Error("The metrics have a family twice.");
  const samples = new Map<string, string>();
  const all = new Set<string>();
  let wanted = false;
  for (const line of text.split("\n")) {
    const [, type] = /^# TYPE (\S+) /.exec(line) ?? [];
    if (type !== undefined) wanted = families.has(type);
    if (line === "" || line.startsWith("#")) continue;
    // A label's value may hold a space, but no "} ".
    const end = line.includes("} ") ? line.indexOf("} ") + 1 : line.indexOf(" ");
    const name = line.slice(0, end);
    if (all.has(name)) throw new Error(`The metrics have ${name} twice.`);
    all.add(name);
    const [key, named] = withoutDesk(name);
    if (wanted && named === desk) samples.set(key, line.slice(end + 1));
  }
  return samples;
}

function familiesOf(text: string): readonly (string | undefined)[] {
  return Array.from(text.matchAll(/^# TYPE (\S+) /gm), ([, name]) => name);
}

/** A sample's name and labels without that of a desk, and the desk; "" if it has none. */
function withoutDesk(key: string): readonly [key: string, desk: string] {
  const [label, desk = ""] = /desk="([^"]*)",?/.exec(key) ?? [""];
  return [key.replace(label, "").replace(/,\}$/, "}").replace("{}", ""), desk];
}

/**
 * How requests arrived: repeated or late ones, and items that have no identity; how long ago that was, and alerts about it; which canary
 * came last, and how long it took; what an aggregator reports of its log and disk.
 */
const ARRIVAL =
  /^(slipstream_spans\{.*state="(duplicate|late|refused)"|slipstream_service_silent_seconds\{|slipstream_alert_state\{|slipstream_canary_(seconds|up|timestamp_seconds)\{|slipstream_(log_used|disk_free)_ratio)/;

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
  const totals = [...samplesWithoutArrival(samples)].filter(([key]) => TOTAL.test(key));
  // Of a bucket's exemplars the last to arrive is there.
  return new Map(totals.map(([key, value]) => [key, value.replace(/ # .*$/, "")]));
}

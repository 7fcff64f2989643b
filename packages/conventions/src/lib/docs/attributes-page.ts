import { code, markdownTable } from "@slipstream/testing/markdown-table";
import { type SpanAttribute, spanAttributes } from "../attributes.ts";
import { type DashboardValue, dashboardKey, dashboardValues } from "../dashboard.ts";
import { spanNames } from "../spans.ts";
import { failureWords } from "../trade-words.ts";
import { AGGREGATOR_SERVICE, VERDICT_SPAN, verdictAttributes } from "../verdict-span.ts";
import { generatedNotice } from "./notice.ts";

/** The text of `docs/attributes.md`. */
export function attributesPage(): string {
  return `${generatedNotice}

# Spans, attributes and dashboard keys

## Spans
Services instrumented with stock OpenTelemetry are counted too. Slipstream then recognizes calls by OpenTelemetry's own
\`http\`, \`rpc\` and \`db\` attributes.

${markdownTable(
  ["span", "description"],
  Object.values(spanNames).map(({ name, help }) => [code(name), help]),
)}

## Attributes
All attributes are optional: an absent attribute means the value is unknown. A "decimal" is a string of digits, for
integers too large for a double. Signed transactions, private keys, API keys and query strings that contain them are
never recorded.

${markdownTable(["attribute", "type", "allowed", "description"], Object.values(spanAttributes).map(attributeRow))}

### Of the resource
| attribute | description |
| --- | --- |
| \`service.name\` | The service. |
| \`service.instance.id\` | The process; \`slipstream.seq\` counts for each. |
| \`slipstream.desk\` | The desk: 1 to 100 visible characters, without spaces around them. Absent: the aggregator's own. The data of each desk is kept apart ([stores.md](stores.md#several-desks)). |

### What is not counted
A value that cannot be true is left out, and reported for its service: in the log (once for each service and value), in \`slipstream doctor\`,
on \`/readyz\`, in \`/api/current\` (\`services.NAME.refusedValues\`, with examples) and on \`/metrics\`
(\`slipstream_values_refused{service,attribute,reason}\`). The rest of its span counts.

| reason | what it was | what becomes of it |
| --- | --- | --- |
| \`implausible\` | a number outside of the range above, or of [metrics.md](metrics.md) for a gauge | it is as good as absent. A gauge is unknown until its process sends one that can be true |
| \`unknown_word\` | a word that is not among those above. Case, spaces and hyphens do not matter, except for \`success\` | it is unknown |
| \`wrong_type\` | a value of another type: a number as text, an array, a map, bytes; or two values that differ. A whole number may be an int or a double, or for an int its digits | it is as good as absent |
| \`absent\` | a trade without \`trade.status\`, a point of a gauge without a value | it is unknown |
| \`ends_before_start\` | a span that ends before it starts: its clock was set back meanwhile | up to 1 ms, it took 0 s; beyond, its duration is unknown. Everything else of it counts |
| \`delta\` | a sum of delta temporality in place of a gauge | the gauge is unknown: the sum of all deltas is its value only if none was ever lost. Export it with cumulative temporality |
| \`monotonic\` | a counter in place of a gauge: it only rises | the gauge is unknown |
| \`distribution\` | a histogram or a summary in place of a gauge | the gauge is unknown |

### The status of a trade
- Only \`success\` is a success: no other spelling, and not the absence of the attribute.
- A trade failed if its status is ${words([...failureWords.keys()])}, in any case, or if its span's own status is ERROR, whatever
  \`trade.status\` says. \`reverted\`, \`rejected\` and \`expired\` are also why it failed, if \`trade.failure_reason\` is absent.
- The status of all others is unknown. They count in \`trades_per_minute\`, in latencies, profit, fees and verdicts, but neither in
  \`trades_total\` nor in any success rate nor in slippage. \`trades_unknown_status\` (\`slipstream_trades_unknown_status{service}\`) counts
  them. In the history, their \`status\` is null.

## Spans of verdicts
With \`tracesEndpoint\`, the aggregator sends each final verdict as a span ${code(VERDICT_SPAN)} to the trace store. It is a child of
the trade's span, and linked to it. It takes the last microsecond before the trade's end. Its \`service.name\` is ${code(AGGREGATOR_SERVICE)}: what comes in
under that name is in no statistic. It has these attributes, and those of the trade: \`trade.id\`, \`trade.pair\`, \`trade.size_usd\`,
\`trade.strategy\`, \`solana.slot\`, \`solana.signature\`, \`jito.tip_lamports\` and \`mev.protection\`. What is not known is left out.

${markdownTable(
  ["attribute", "type", "description"],
  Object.values(verdictAttributes).map(({ name, type, help }) => [code(name), type, help]),
)}

## Dashboard keys
Written to Redis (or the embedded store) at each 5-second boundary of event time. If a value is unknown, its key is
absent. Every key expires after 30 s. The name in \`/api/current\` is the key without \`dashboard:\`.

${markdownTable(["key", "unit", "in `getCurrentMetrics()`", "description"], dashboardValues.map(dashboardRow))}

\`dashboard:timeseries:YYYYMMDD\` (UTC) is a sorted set. The score is the time in Unix milliseconds; the member is a JSON
object with the values and the same \`time\`. Each time has one member, which is replaced if late data changes it. Sets are
deleted after 7 days.

These are the keys of the aggregator's own desk. Those of another desk begin with its name and a colon: \`beta:dashboard:success_rate\`.
`;
}

function attributeRow(attribute: SpanAttribute): readonly string[] {
  const { name, type, help } = attribute;
  return [code(name), type, allowed(attribute), help];
}

function allowed({ min, max, words: allowedWords }: SpanAttribute): string {
  if (allowedWords !== undefined) return allowedWords.map(code).join(" ");
  return min === undefined || max === undefined
    ? ""
    : `${min.toLocaleString("en")} to ${max.toLocaleString("en")}`;
}

function words(list: readonly string[]): string {
  return `${list.slice(0, -1).map(code).join(", ")} or ${code(list.at(-1) ?? "")}`;
}

function dashboardRow(
  value: DashboardValue & { readonly statistic: Parameters<typeof dashboardKey>[0] },
): readonly string[] {
  return [code(dashboardKey(value.statistic)), value.unit, code(value.camel), value.help];
}

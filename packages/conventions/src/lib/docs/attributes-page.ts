import { code, markdownTable } from "@slipstream/testing/markdown-table";
import { type SpanAttribute, spanAttributes } from "../attributes.ts";
import { type DashboardValue, dashboardKey, dashboardValues } from "../dashboard.ts";
import { spanNames } from "../spans.ts";
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

${markdownTable(["attribute", "type", "description"], Object.values(spanAttributes).map(attributeRow))}

## Dashboard keys
Written to Redis (or the embedded store) at each 5-second boundary of event time. If a value is unknown, its key is
absent. Every key expires after 30 s. The name in \`/api/current\` is the key without \`dashboard:\`.

${markdownTable(["key", "unit", "in `getCurrentMetrics()`", "description"], dashboardValues.map(dashboardRow))}

\`dashboard:timeseries:YYYYMMDD\` (UTC) is a sorted set. The score is the time in Unix milliseconds; the member is a JSON
object with the values and the same \`time\`. Each time has one member, which is replaced if late data changes it. Sets are
deleted after 7 days.
`;
}

function attributeRow({ name, type, help }: SpanAttribute): readonly string[] {
  return [code(name), type, help];
}

function dashboardRow(
  value: DashboardValue & { readonly statistic: Parameters<typeof dashboardKey>[0] },
): readonly string[] {
  return [code(dashboardKey(value.statistic)), value.unit, code(value.camel), value.help];
}

import { type SpanAttribute, spanAttributes } from "../attributes.ts";
import { type DashboardValue, dashboardKey, dashboardValues } from "../dashboard.ts";
import { spanNames } from "../spans.ts";
import { code, generatedNotice, markdownTable } from "./table.ts";

/** The text of `docs/attributes.md`. */
export function attributesPage(): string {
  return `${generatedNotice}

# Spans, attributes and dashboard keys

## Spans
A service that is instrumented by stock OpenTelemetry counts too: calls are then known by OpenTelemetry's own \`http\`,
\`rpc\` and \`db\` attributes.

${markdownTable(
  ["span", "what it is"],
  Object.values(spanNames).map(({ name, help }) => [code(name), help]),
)}

## Attributes
Each is optional: what is absent is unknown. A "decimal" is a string of digits, for integers that a double cannot hold.
Signed transactions, private keys, API keys and query strings that carry them are never recorded.

${markdownTable(["attribute", "type", "what it is"], Object.values(spanAttributes).map(attributeRow))}

## Dashboard keys
Written to Redis (or the embedded store) at each 5-second boundary of event time. A value that is not known is an absent
key, and every key expires after 30 s. The name without \`dashboard:\` is the one in \`/api/current\`.

${markdownTable(["key", "unit", "in `getCurrentMetrics()`", "what it is"], dashboardValues.map(dashboardRow))}

\`dashboard:timeseries:YYYYMMDD\` (UTC) is a sorted set: the score is the instant in Unix milliseconds, the member its
values as JSON with the instant as \`time\`. An instant is one member, also when it is amended. Days older than 7 are gone.
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

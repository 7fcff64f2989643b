import type { HistoryColumn, HistoryTable } from "../history/column.ts";
import { historyTable, historyTableNames } from "../history.ts";
import { code, generatedNotice, markdownTable } from "./table.ts";

const tables = historyTableNames.map(historyTable);

/** The text of `docs/history.md`. */
export function historyPage(): string {
  return `${generatedNotice}

# History

The same tables stand in the aggregator's data directory (\`state.sqlite\`) and, where one is configured, in QuestDB.
\`slipstream history TABLE\` reads either. A row is an absolute value under its key (the columns marked *key*): what is
written again under the same key replaces what was there, so nothing is counted twice. Unknown is null.

Times are microseconds since 1970 in SQLite, \`TIMESTAMP\` in QuestDB and ISO 8601 in JSON. An int that a double cannot hold
exactly is left out.

${tables
  .filter(({ reserved }) => !reserved)
  .map(section)
  .join("\n")}
# Reserved
Tables that exist, for queries and dashboards may already name them; nothing writes them yet.

${tables
  .filter(({ reserved }) => reserved)
  .map(section)
  .join("\n")}`;
}

function section({ name, help, keepDays, columns }: HistoryTable): string {
  return `## ${name}
${help} Kept for ${keepDays} days unless configured.

${markdownTable(["column", "type", "unit", "key", "what it is"], columns.map(row))}
`;
}

function row({ name, type, unit = "", key, help }: HistoryColumn): readonly string[] {
  return [code(name), type, unit, key ? "key" : "", help];
}

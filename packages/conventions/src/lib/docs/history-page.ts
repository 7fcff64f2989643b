import { code, markdownTable } from "@slipstream/testing/markdown-table";
import type { HistoryColumn, HistoryTable } from "../history/column.ts";
import { historyTable, historyTableNames } from "../history.ts";
import { generatedNotice } from "./notice.ts";

const tables = historyTableNames.map(historyTable);

/** The text of `docs/history.md`. */
export function historyPage(): string {
  return `${generatedNotice}

# History

The aggregator keeps these tables in its data directory (\`state.sqlite\`) and, if configured, in QuestDB.
\`slipstream history TABLE\` reads either. Rows are identified by their key (the columns marked *key*) and hold absolute
values. Writing a row again under the same key replaces it, so nothing is counted twice. Unknown values are null.

Rows are written every 5 seconds of event time. So a trade is there 6 to 7 seconds after it ended, at the latest, plus the time until the
service sends it (a second by default). \`/api/history\`, \`/api/mev\`, \`/api/advice\` and \`/api/mev/explain\` have what waits written first,
so they answer with every trade that was acknowledged before. The command line reads the file. If the aggregator was killed, its last
seconds are missing there until its next start, which reads them from the log.

In \`state.sqlite\` trades are packed, some seconds of them in one blob, and the table \`trades\` has only what older versions wrote. Read
them with \`slipstream history trades --json\`, or from QuestDB. If a blob is damaged, the others are read:
the command prints them, says how many trades are missing and of which time, and ends with exit code 1. Reports and advice say it as
\`missing\`. QuestDB does not get them, which the aggregator logs and counts (\`slipstream_sink_dropped\`).

Times are microseconds since 1970 in SQLite, \`TIMESTAMP\` in QuestDB and ISO 8601 in JSON. Integers that a double cannot
hold exactly are left out.

${tables
  .filter(({ reserved }) => !reserved)
  .map(section)
  .join("\n")}
# Reserved
These tables exist so that queries and dashboards can already use them. Nothing writes them yet.

${tables
  .filter(({ reserved }) => reserved)
  .map(section)
  .join("\n")}`;
}

function section({ name, help, keepDays, columns }: HistoryTable): string {
  return `## ${name}
${help} Kept for ${keepDays} days by default.

${markdownTable(["column", "type", "unit", "key", "description"], columns.map(row))}
`;
}

function row({ name, type, unit = "", key, help }: HistoryColumn): readonly string[] {
  return [code(name), type, unit, key ? "key" : "", help];
}

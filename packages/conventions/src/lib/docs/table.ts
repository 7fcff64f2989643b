/** A Markdown table. A vertical bar in a cell is escaped. */
export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(header), line(header.map(() => "---")), ...rows.map(line)].join("\n");
}

/** Text as code. */
export function code(text: string): string {
  return `\`${text}\``;
}

/** First line of a page that is generated. */
export const generatedNotice =
  "<!-- Generated from packages/conventions by `npm run docs`. Change the tables there, not this page. -->";

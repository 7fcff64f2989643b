import { expect, test } from "vitest";
import { historyTable, historyTableNames, historyTables } from "./history.ts";

const tables = historyTableNames.map(historyTable);

test.each(tables)("$name starts with its time column, which is part of the key", ({ columns }) => {
  expect(columns[0]).toMatchObject({ name: "timestamp", type: "time", key: true });
  expect(columns.filter(({ type }) => type === "time")).toHaveLength(1);
  expect(columns.filter(({ key }) => key).length).toBeGreaterThan(1);
});

test.each(tables)(
  "$name has unique column names that both databases accept, each with a help text",
  ({ columns }) => {
    const names = columns.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { name, help, type, unit } of columns) {
      expect(name).toMatch(/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/);
      expect(help, name).toMatch(/\.$/);
      if (unit === "USD" || unit === "ms") expect(type, name).toBe("double");
    }
  },
);

test("a table's name matches its key in the list", () => {
  for (const [key, { name }] of Object.entries(historyTables)) expect(name).toBe(key);
});

import { expect, test } from "vitest";
import { historyTable, historyTableNames, historyTables } from "./history.ts";

const tables = historyTableNames.map(historyTable);

test.each(tables)("$name begins with its time, which is part of its key", ({ columns }) => {
  expect(columns[0]).toMatchObject({ name: "timestamp", type: "time", key: true });
  expect(columns.filter(({ type }) => type === "time")).toHaveLength(1);
  expect(columns.filter(({ key }) => key).length).toBeGreaterThan(1);
});

test.each(tables)(
  "$name's columns have names that both databases take, each once, and a help",
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

test("a table's name is its key in the list", () => {
  for (const [key, { name }] of Object.entries(historyTables)) expect(name).toBe(key);
});

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { allMetrics } from "../metrics.ts";
import { metricsPage } from "./metrics-page.ts";
import { pages } from "./pages.ts";

test.each(pages())("$path matches the tables (if not, run: npm run docs)", ({ file, text }) => {
  expect(readFileSync(file, "utf8")).toBe(text);
});

test("every metric is documented", () => {
  const page = metricsPage();
  for (const { name } of allMetrics) expect(page).toContain(`\`${name}\``);
});

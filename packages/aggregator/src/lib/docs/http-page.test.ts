import { readFileSync } from "node:fs";
import { intervalKinds } from "@slipstream/stats";
import { expect, test } from "vitest";
import { routes } from "../api/routes.ts";
import { httpPage, httpPageText } from "./http-page.ts";

const page = readFileSync(httpPage, "utf8");

test("docs/http.md is what the routes say (else: npm run docs)", () => {
  expect(httpPageText(page, routes)).toBe(page);
});

test("every route is described, with its parameters", () => {
  for (const { method, path, about, query, parameters } of routes) {
    expect(about).toMatch(/^[A-Z].*\.$/);
    expect(page).toContain(`### ${method} ${path}\n${about}\n`);
    for (const [name, { allowed }] of Object.entries({ ...query, ...parameters })) {
      const row = page
        .split("\n")
        .find((line) => line.startsWith(`| \`${name}\``) && line.includes(`| ${allowed} |`));
      expect(row).toBeDefined();
    }
  }
});

test("every kind of interval is described", () => {
  for (const [kind, meaning] of Object.entries(intervalKinds)) {
    expect(page).toContain(`\n| \`${kind}\` | ${meaning} |\n`);
  }
});

test("a page without the place for the routes is refused", () => {
  expect(() => httpPageText("# HTTP\n", routes)).toThrow("docs/http.md has no");
});

test("the codes in its table of errors exist", () => {
  const errors = readFileSync(new URL("errors.md", httpPage), "utf8");
  const rows = page.slice(page.indexOf("## Errors")).matchAll(/^\| [\d, ]+ \| (.*?) \|/gm);
  const codes = [...rows].flatMap(([, cell = ""]) => [...cell.matchAll(/`(\w+)`/g)].map(([, code]) => code));
  expect(codes.length).toBeGreaterThan(20);
  for (const code of codes) expect(errors).toContain(`| \`${code}\` |`);
});

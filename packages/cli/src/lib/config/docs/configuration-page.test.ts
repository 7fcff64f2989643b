import { readFileSync } from "node:fs";
import { optionsOf } from "@slipstream/config";
import { expect, it } from "vitest";
import { components } from "../components.ts";
import { configTypes, configTypesText } from "./config-types.ts";
import { configurationPage, configurationText } from "./configuration-page.ts";

it("matches the options (if not, run: npm run docs)", () => {
  expect(readFileSync(configurationPage, "utf8")).toBe(configurationText());
  expect(readFileSync(configTypes, "utf8")).toBe(configTypesText());
});

it("has every key, flag and variable", () => {
  const page = configurationText();
  for (const [key, { flag, env }] of optionsOf(components)) {
    for (const name of [key, flag, env]) if (name !== undefined) expect(page).toContain(`\`${name}\``);
  }
});

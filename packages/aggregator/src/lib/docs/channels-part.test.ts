import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { channelTypes } from "../alerts/channels/channel-types.ts";
import { alertsPage, withChannels } from "./channels-part.ts";

const page = readFileSync(alertsPage, "utf8");

test("docs/alerts.md has the settings of the channels (else: npm run docs)", () => {
  expect(withChannels(page)).toBe(page);
  expect(() => withChannels("# Alerts\n")).toThrow("docs/alerts.md has no");
});

test("every type and every setting is described", () => {
  for (const [type, { fields }] of Object.entries(channelTypes)) {
    expect(page).toContain(`**\`${type}\`**: `);
    for (const name of Object.keys(fields)) expect(page).toContain(`| \`${name}\` |`);
  }
});

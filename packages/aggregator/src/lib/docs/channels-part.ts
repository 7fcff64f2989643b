import { allowedText } from "@slipstream/config";
import { withGeneratedPart } from "@slipstream/testing/generated-part";
import { code, markdownTable } from "@slipstream/testing/markdown-table";
import type { ChannelField } from "../alerts/channels/channel-fields.ts";
import { type ChannelType, channelTypes } from "../alerts/channels/channel-types.ts";
import { commonFields } from "../alerts/channels/common-fields.ts";

/** The page of `docs/` about alerts, of which one part is made here. */
export const alertsPage: URL = new URL("../../../../../docs/alerts.md", import.meta.url);

/**
 * The page with the settings of all channels made again.
 * @throws Error if its marks are missing
 */
export function withChannels(page: string): string {
  return withGeneratedPart(page, "docs/alerts.md", "channels", channelsText());
}

function channelsText(): string {
  const types: readonly (readonly [string, ChannelType])[] = Object.entries(channelTypes);
  const parts = types.map(([type, { about, fields }]) => {
    const rows = Object.entries(fields).map(row);
    const table = rows.length === 0 ? "" : `\n\n${settingsTable(rows)}`;
    return `**${code(type)}**: ${about}.${table}`;
  });
  const common = Object.entries(commonFields).map(row);
  return [`All channels:\n\n${settingsTable(common)}`, ...parts].join("\n\n");
}

function settingsTable(rows: readonly (readonly string[])[]): string {
  return markdownTable(["setting", "allowed", "default", "what it is"], rows);
}

function row([name, field]: readonly [string, ChannelField]): readonly string[] {
  const { required, secret, help } = field;
  const fallback = field.default === undefined ? "none" : code(String(field.default));
  const mark = secret === undefined ? "" : " *secret*";
  return [code(name), allowedText(field), required ? "required" : fallback, `${capital(help)}.${mark}`];
}

function capital(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}

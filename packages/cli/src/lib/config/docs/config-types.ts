import { allowedText, type Option, optionsOf } from "@slipstream/config";
import { capitalized } from "../../view/format.ts";
import { components } from "../components.ts";
import { defaultText } from "../flags.ts";

/** The source file with the type of `slipstream.config.ts`. */
export const configTypes: URL = new URL("../slipstream-config.ts", import.meta.url);

const WIDTH = 105;

/** The text of that file. The types follow from the options without it; it adds what an editor shows about a key. */
export function configTypesText(): string {
  return `// Generated from the options.ts of each component by \`npm run docs\`. Edit those, not this file.
import type { Config } from "@slipstream/config";
import type { components } from "./components.ts";

type Keys = Config<(typeof components)[number]>;

/** What \`slipstream.config.ts\` may set: every key is optional. */
export interface SlipstreamConfig extends Keys {
${optionsOf(components).map(property).join("\n")}
}
`;
}

function property([key, option]: readonly [string, Option]): string {
  const { help, details, env } = option;
  const text = [
    `${capitalized(help)}.`,
    ...(details === undefined ? [] : [details]),
    `Allowed: ${allowedText(option)}.`,
    `Default: ${defaultText(option) ?? "none"}.`,
    ...(env === undefined ? [] : [`Variable: ${env}.`]),
  ].join(" ");
  return [
    "  /**",
    ...wrapped(text).map((line) => `   * ${line}`),
    "   */",
    `  readonly ${key}?: Keys["${key}"];`,
  ].join("\n");
}

function wrapped(text: string): readonly string[] {
  const lines: string[] = [];
  for (const word of text.replaceAll("*/", "*\\/").split(" ")) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > WIDTH) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

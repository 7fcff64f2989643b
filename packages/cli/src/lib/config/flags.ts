import { allowedText, type Component, numberWithSize, type Option, optionsOf } from "@slipstream/config";
import { type Command, Option as Flag } from "commander";
import { type ConfigKey, components } from "./components.ts";
import { type ConfigSources, type LoadedConfig, loadConfig } from "./load-config.ts";

/** The flags of whole components, and of single keys, in this order; and `--config`. Their values are checked with the rest of the configuration. */
export function addConfigFlags(command: Command, ...parts: readonly (Component | ConfigKey)[]): Command {
  const keys = parts.flatMap((part) => (typeof part === "string" ? [part] : Object.keys(part.options)));
  const options = new Map(optionsOf(components));
  for (const key of keys) {
    const option = options.get(key);
    if (option?.flag !== undefined) command.addOption(new Flag(option.flag, flagHelp(option)));
  }
  return command.option(
    "--config <file>",
    "configuration file (default: slipstream.config.ts; env: SLIPSTREAM_CONFIG)",
  );
}

/** The configuration as a command was called. @throws ConfigError, unless `onWrong` is given */
export function commandConfig(
  given: Readonly<Record<string, unknown>>,
  how: Pick<ConfigSources, "onWrong" | "importFile"> = {},
): Promise<LoadedConfig> {
  const flags: Record<string, { text: string; name: string }> = {};
  for (const [key, { flag }] of optionsOf(components)) {
    if (flag === undefined) continue;
    const { long, attributeName } = flagNames(flag);
    const text = given[attributeName];
    if (typeof text === "string") flags[key] = { text, name: long };
  }
  const file = typeof given.config === "string" ? given.config : undefined;
  return loadConfig({ flags, environment: process.env, folder: process.cwd(), file, ...how });
}

/** How a flag is called, `--questdb-pg`, and where commander puts its value, `questdbPg`. */
function flagNames(flag: string): { long: string; attributeName: string } {
  const option = new Flag(flag);
  return { long: option.long ?? flag, attributeName: option.attributeName() };
}

function flagHelp(option: Option): string {
  const { help, env } = option;
  const initially = defaultText(option);
  const notes = [
    ...(option.type === "choice" ? [allowedText(option)] : []),
    ...(initially === undefined ? [] : [`default: ${initially}`]),
    ...(env === undefined ? [] : [`env: ${env}`]),
  ];
  return notes.length === 0 ? help : `${help} (${notes.join("; ")})`;
}

/** What holds if a key is not set; undefined if that is nothing. */
export function defaultText(option: Option): string | undefined {
  const { default: value, unset } = option;
  if (typeof value === "number") return numberWithSize(value, "unit" in option ? option.unit : undefined);
  if (typeof value === "string") return value;
  return value === undefined || Object.keys(value).length === 0 ? unset : JSON.stringify(value);
}

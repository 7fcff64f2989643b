import {
  type Option,
  type Origin,
  optionsOf,
  type UnknownVariable,
  withoutSecrets,
} from "@slipstream/config";
import { components } from "./components.ts";
import type { LoadedConfig } from "./load-config.ts";

/** One key as `slipstream config` prints it. */
export interface Setting {
  /** Secrets are hidden; null if it is not set. */
  readonly value: unknown;
  readonly from: Origin["kind"] | "unset";
  /** The flag, the variable, or the path of the file. */
  readonly name?: string;
}

/** Every key, in the order of the documentation. */
export function settingsOf({ config, origins, file }: LoadedConfig): Readonly<Record<string, Setting>> {
  const values: Readonly<Record<string, unknown>> = config;
  return Object.fromEntries(
    optionsOf(components).map(([key, option]) => {
      const origin = origins[key];
      if (origin === undefined) return [key, { value: null, from: "unset" }];
      const { kind, ...rest } = origin;
      const name = kind === "file" && file !== undefined ? { name: file } : rest;
      return [key, { value: withoutSecrets(option, values[key]), from: kind, ...name }];
    }),
  );
}

/** For people: a line each, in columns. */
export function configReport(loaded: LoadedConfig): string {
  const settings = settingsOf(loaded);
  const rows = optionsOf(components).flatMap(([key, option]) => {
    const setting = settings[key];
    return setting === undefined ? [] : [[key, valueText(setting, option), originText(setting)] as const];
  });
  const [keyWidth, valueWidth] = [0, 1].map((column) =>
    Math.max(...rows.map((row) => (row[column] ?? "").length)),
  );
  const lines = rows.map(([key, value, origin]) =>
    `${key.padEnd(keyWidth ?? 0)}  ${value.padEnd(Math.min(valueWidth ?? 0, 60))}  ${origin}`.trimEnd(),
  );
  return [`Configuration file: ${loaded.file ?? "none"}`, "", ...lines].join("\n");
}

export function mistypedText({ name, meant }: UnknownVariable): string {
  return `the variable ${name} is not known and has no effect${meant === undefined ? "" : `; did you mean ${meant}?`}`;
}

function valueText({ value, from }: Setting, { unset }: Option): string {
  if (from === "unset") return unset === undefined ? "-" : `- (${unset})`;
  return typeof value === "string" ? value : JSON.stringify(value);
}

function originText({ from, name }: Setting): string {
  if (from === "unset") return "";
  return from === "default" ? "default" : `${from} ${name}`;
}

import { checkConfig, checkValue } from "./check.ts";
import { type Component, type Option, optionsOf, type Values } from "./component.ts";
import { ConfigError } from "./config-error.ts";
import { type Environment, variable } from "./environment.ts";
import { fromText } from "./kind.ts";

/** Where a value is from. `name` is that of the flag or the variable, or the path of the file. */
export type Origin =
  | { readonly kind: "flag" | "variable" | "file"; readonly name: string }
  | { readonly kind: "default" };

export interface Sources {
  /** Flags as they were typed, by key, with what the flag is called. */
  readonly flags?: Readonly<Record<string, { readonly text: string; readonly name: string }>>;
  readonly environment: Environment;
  /** What the configuration file exports, and the file's path. */
  readonly file?: { readonly value: unknown; readonly name: string } | undefined;
  /** Called for each wrong value, which is then left out. Default: it is thrown. */
  readonly onWrong?: (error: ConfigError) => void;
}

export interface Resolved<C extends Component> {
  readonly values: Values<C>;
  /** By key; a key that is not set and has no default is absent. */
  readonly origins: Readonly<Record<string, Origin>>;
}

/**
 * Flags > variables > file > defaults. Values that another one overrides are not looked at, but the file is checked as a whole.
 * @throws ConfigError
 */
export function resolveOptions<C extends Component>(components: readonly C[], sources: Sources): Resolved<C>;
export function resolveOptions(components: readonly Component[], sources: Sources): object {
  const { flags = {}, environment, file } = sources;
  const onWrong = (error: unknown): void => {
    if (sources.onWrong === undefined || !(error instanceof ConfigError)) throw error;
    sources.onWrong(error);
  };
  const inFile = fileValues(components, file, sources.onWrong === undefined ? undefined : onWrong);
  const values: Record<string, unknown> = {};
  const origins: Record<string, Origin> = {};
  const set = (key: string, value: unknown, origin: Origin): void => {
    values[key] = value;
    origins[key] = origin;
  };
  for (const [key, option] of optionsOf(components)) {
    if (option.default !== undefined) set(key, option.default, { kind: "default" });
    if (inFile[key] !== undefined) set(key, inFile[key], { kind: "file", name: file?.name ?? "" });
    const given = givenAs(option, flags[key], variable(environment, option.env));
    if (given === undefined) continue;
    try {
      set(key, checkValue(key, option, fromText(option, given.text), given.origin.name), given.origin);
    } catch (error) {
      onWrong(error);
    }
  }
  for (const [key, { excludes }] of optionsOf(components)) {
    const [origin, other] = [origins[key], origins[excludes ?? ""]];
    if (origin === undefined || other === undefined || excludes === undefined) continue;
    onWrong(
      new ConfigError(
        key,
        `${key} (from ${nameOf(origin)}) and ${excludes} (from ${nameOf(other)}) exclude each other; set one of them`,
      ),
    );
  }
  return { values, origins };
}

/** What a flag, or else a variable, sets. */
function givenAs(
  { env }: Option,
  flag: { readonly text: string; readonly name: string } | undefined,
  text: string | undefined,
): { readonly text: string; readonly origin: Exclude<Origin, { kind: "default" }> } | undefined {
  if (flag !== undefined) return { text: flag.text.trim(), origin: { kind: "flag", name: flag.name } };
  if (text === undefined || env === undefined) return undefined;
  return { text, origin: { kind: "variable", name: env } };
}

/** What the file sets. With a listener for errors, wrong keys are left out one by one. */
function fileValues(
  components: readonly Component[],
  file: Sources["file"],
  onWrong: ((error: unknown) => void) | undefined,
): Readonly<Record<string, unknown>> {
  if (file === undefined) return {};
  const check = (value: unknown): object => checkConfig(components, value, file.name);
  if (onWrong === undefined) return { ...check(file.value) };
  const right: Record<string, unknown> = {};
  const isObject = typeof file.value === "object" && file.value !== null && !(file.value instanceof Promise);
  const parts: readonly unknown[] = isObject
    ? Object.entries(file.value).map(([key, value]) => ({ [key]: value }))
    : [file.value];
  for (const part of parts) {
    try {
      Object.assign(right, check(part));
    } catch (error) {
      onWrong(error);
    }
  }
  return right;
}

function nameOf(origin: Origin): string {
  return origin.kind === "default" ? "the defaults" : origin.name;
}

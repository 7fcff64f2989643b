import { checkConfig, checkValue } from "./check.ts";
import { type Component, optionsOf, type Values } from "./component.ts";
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
  /** Called for each variable with a wrong value, which is then left out. Default: it is thrown. */
  readonly onWrongVariable?: (error: ConfigError) => void;
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
  const { flags = {}, environment, file, onWrongVariable } = sources;
  const inFile: Readonly<Record<string, unknown>> =
    file === undefined ? {} : checkConfig(components, file.value, file.name);
  const values: Record<string, unknown> = {};
  const origins: Record<string, Origin> = {};
  const set = (key: string, value: unknown, origin: Origin): void => {
    values[key] = value;
    origins[key] = origin;
  };
  for (const [key, option] of optionsOf(components)) {
    if (option.default !== undefined) set(key, option.default, { kind: "default" });
    if (inFile[key] !== undefined) set(key, inFile[key], { kind: "file", name: file?.name ?? "" });
    const flag = flags[key];
    const text = variable(environment, option.env);
    if (flag !== undefined) {
      const value = checkValue(key, option, fromText(option, flag.text.trim()), flag.name);
      set(key, value, { kind: "flag", name: flag.name });
    } else if (text !== undefined && option.env !== undefined) {
      try {
        const value = checkValue(key, option, fromText(option, text), option.env);
        set(key, value, { kind: "variable", name: option.env });
      } catch (error) {
        if (onWrongVariable === undefined) throw error;
        onWrongVariable(error as ConfigError);
      }
    }
  }
  for (const [key, { excludes }] of optionsOf(components)) {
    const [origin, other] = [origins[key], origins[excludes ?? ""]];
    if (origin === undefined || other === undefined || excludes === undefined) continue;
    throw new ConfigError(
      key,
      `${key} (from ${nameOf(origin)}) and ${excludes} (from ${nameOf(other)}) exclude each other; set one of them`,
    );
  }
  return { values, origins };
}

function nameOf(origin: Origin): string {
  return origin.kind === "default" ? "the defaults" : origin.name;
}

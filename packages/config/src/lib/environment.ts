import { type Component, optionsOf } from "./component.ts";
import { suggest } from "./suggest.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** Text of a variable; undefined if it is not set or empty. A line end of a file made on Windows is no part of it. */
export function variable(environment: Environment, name: string | undefined): string | undefined {
  const text = name === undefined ? undefined : environment[name]?.trim();
  return text === "" ? undefined : text;
}

export interface UnknownVariable {
  readonly name: string;
  /** The variable that was probably meant. */
  readonly meant: string | undefined;
}

/**
 * Variables that look like ours and are not read by anything: a mistyped name, or one that only looks right, such as
 * SLIPSTREAM_REDIS for REDIS_URL.
 * @param others Names of variables that are no option's.
 */
export function unknownVariables(
  components: readonly Component[],
  others: readonly string[],
  environment: Environment,
): readonly UnknownVariable[] {
  const likely = new Map<string, string>();
  const known = new Set(others);
  for (const [key, { env }] of optionsOf(components)) {
    if (env === undefined) continue;
    known.add(env);
    for (const name of [env, snakeCase(key)]) likely.set(name.replace(/^SLIPSTREAM_/, ""), env);
  }
  for (const name of others) likely.set(name.replace(/^SLIPSTREAM_/, ""), name);
  return Object.keys(environment).flatMap((name) => {
    if (!name.startsWith("SLIPSTREAM_") || known.has(name)) return [];
    const nearest = suggest(name.slice("SLIPSTREAM_".length), [...likely.keys()]);
    return [{ name, meant: nearest === undefined ? undefined : likely.get(nearest) }];
  });
}

function snakeCase(key: string): string {
  return key.replaceAll(/[A-Z]/g, "_$&").toUpperCase();
}

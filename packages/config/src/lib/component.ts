import type { Kind, ValueOf } from "./kind.ts";

/** One key of the configuration: what it does, what it may be, and how it can be set besides in the configuration file. */
export type Option = Kind & {
  /** What it does, as `--help` prints it: a phrase without a full stop. */
  readonly help: string;
  /** More about it for `docs/configuration.md`, in whole sentences. */
  readonly details?: string;
  readonly default?: string | number | object;
  /** If it has no default, or an empty one: what holds as long as it is not set. */
  readonly unset?: string;
  /** Environment variable. */
  readonly env?: string;
  /** Flag, such as `--port <number>`. */
  readonly flag?: string;
  /** A key that cannot be set together with this one. */
  readonly excludes?: string;
  /** SIGHUP makes a running aggregator take its new value. Other keys need a restart. */
  readonly reload?: true;
  /** The value is never shown; of a URL, or if a pattern is given, only the parts that are secret are hidden. */
  readonly secret?: true | RegExp;
};

/** A part of Slipstream with options. Its table stands in the `options.ts` beside it. */
export interface Component {
  /** Heading in `docs/configuration.md`. */
  readonly title: string;
  readonly options: Readonly<Record<string, Option>>;
}

/** The options of some components by key. */
export type OptionsOf<C extends Component> = {
  readonly [K in C extends Component ? keyof C["options"] & string : never]: C extends {
    readonly options: { readonly [P in K]: infer O };
  }
    ? O
    : never;
};

/** What may be set: every key is optional. */
export type Config<C extends Component> = {
  readonly [K in keyof OptionsOf<C>]?: ValueOf<OptionsOf<C>[K]> | undefined;
};

type KeyWithDefault<O> = { [K in keyof O]: O[K] extends { readonly default: unknown } ? K : never }[keyof O];

/** What holds: keys with a default have a value. */
export type Values<C extends Component> = {
  readonly [K in KeyWithDefault<OptionsOf<C>>]: ValueOf<OptionsOf<C>[K]>;
} & {
  readonly [K in Exclude<keyof OptionsOf<C>, KeyWithDefault<OptionsOf<C>>>]?:
    | ValueOf<OptionsOf<C>[K]>
    | undefined;
};

/** Every option of some components, in their order, with its key. */
export function optionsOf(
  components: readonly Component[],
): readonly (readonly [key: string, option: Option])[] {
  return components.flatMap(({ options }) => Object.entries(options));
}

/** What a configuration sets for a component, without defaults. */
export function givenTo<C extends Component>(component: C, config: object): Config<C>;
export function givenTo(component: Component, config: object): object {
  const entries = Object.entries(config);
  return Object.fromEntries(
    entries.filter(([key, value]) => Object.hasOwn(component.options, key) && value !== undefined),
  );
}

/** A component's values: what a configuration sets, and the defaults for the rest. */
export function valuesOf<C extends Component>(component: C, config: object): Values<C>;
export function valuesOf(component: Component, config: object): object {
  const defaults = Object.entries(component.options).filter(([, option]) => option.default !== undefined);
  return {
    ...Object.fromEntries(defaults.map(([key, option]) => [key, option.default])),
    ...givenTo(component, config),
  };
}

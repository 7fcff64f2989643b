import type { Logger } from "@slipstream/aggregator";
import type { Rule } from "@slipstream/alerts";
import { optionsOf } from "@slipstream/config";
import { components, type ResolvedConfig } from "../config/components.ts";

export interface Reload {
  /** Keys whose new values are in force. */
  readonly reloaded: readonly string[];
  /** Keys that have changed and need a restart. */
  readonly needRestart: readonly string[];
}

/** The configuration, and the rules that it or its file of rules sets. */
export interface Settings {
  readonly config: ResolvedConfig;
  readonly rules: readonly Rule[];
}

/** What differs between the settings in force and those that were read. */
export function compare(inForce: Settings, read: Settings): Reload {
  const [old, now]: Readonly<Record<string, unknown>>[] = [inForce.config, read.config];
  const differ = (a: unknown, b: unknown): boolean => JSON.stringify(a) !== JSON.stringify(b);
  // The file of rules may have changed, and not its path.
  const otherRules = differ(inForce.rules, read.rules);
  const changed = optionsOf(components).filter(
    ([key]) => differ(old?.[key], now?.[key]) || (key === "rulesFile" && key in read.config && otherRules),
  );
  const keys = (reload: boolean): readonly string[] =>
    changed.filter(([, option]) => (option.reload === true) === reload).map(([key]) => key);
  return { reloaded: keys(true), needRestart: keys(false) };
}

export interface ReloaderOptions {
  readonly inForce: Settings;
  /** Reads the configuration and the rules again. Rejects if something is wrong in them. */
  readonly read: () => Promise<Settings>;
  /** Puts new values in force. It rejects, and leaves those before, if they are not allowed. */
  readonly apply: (read: Settings, before: Settings) => Promise<void>;
  readonly logger: Logger;
}

/** Reads the configuration again, one call after the other, and logs the result. Never rejects. */
export function createReloader({
  inForce: started,
  read,
  apply,
  logger,
}: ReloaderOptions): () => Promise<void> {
  let current = started;
  let last: Promise<void> = Promise.resolve();
  const reload = async (): Promise<void> => {
    try {
      const next = await read();
      const { reloaded, needRestart } = compare(current, next);
      await apply(next, current);
      const values = new Map(Object.entries(next.config));
      const inForce = Object.fromEntries(reloaded.map((key) => [key, values.get(key)]));
      current = { config: { ...current.config, ...inForce }, rules: next.rules };
      if (needRestart.length > 0) {
        logger.warn({ reloaded, needRestart }, "Configuration reloaded; some changes need a restart");
      } else logger.info({ reloaded }, "Configuration reloaded");
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      logger.error({ reason }, "Reload failed; the old settings stay in force");
    }
  };
  return () => {
    last = last.then(reload);
    return last;
  };
}

import type { Logger } from "@slipstream/aggregator";
import { optionsOf } from "@slipstream/config";
import { components, type ResolvedConfig } from "../config/components.ts";

export interface Reload {
  /** Keys whose new values are in force. */
  readonly reloaded: readonly string[];
  /** Keys that have changed and need a restart. */
  readonly needRestart: readonly string[];
}

/** What differs between the settings in force and those that were read. */
export function compare(inForce: ResolvedConfig, read: ResolvedConfig): Reload {
  const [old, now]: Readonly<Record<string, unknown>>[] = [inForce, read];
  const changed = optionsOf(components).filter(
    ([key]) => JSON.stringify(old?.[key]) !== JSON.stringify(now?.[key]),
  );
  const keys = (reload: boolean): readonly string[] =>
    changed.filter(([, option]) => (option.reload === true) === reload).map(([key]) => key);
  return { reloaded: keys(true), needRestart: keys(false) };
}

export interface ReloaderOptions {
  readonly inForce: ResolvedConfig;
  /** Reads the configuration again. Rejects if it is wrong. */
  readonly read: () => Promise<ResolvedConfig>;
  /** Puts new values in force. It rejects, and changes nothing, if they are not allowed. */
  readonly apply: (read: ResolvedConfig) => Promise<void>;
  readonly logger: Logger;
}

/** Reads the configuration again, one call after the other, and logs the result. Never rejects. */
export function createReloader({ inForce, read, apply, logger }: ReloaderOptions): () => Promise<void> {
  let current = inForce;
  let last: Promise<void> = Promise.resolve();
  const reload = async (): Promise<void> => {
    try {
      const next = await read();
      const { reloaded, needRestart } = compare(current, next);
      await apply(next);
      const values = new Map(Object.entries(next));
      current = { ...current, ...Object.fromEntries(reloaded.map((key) => [key, values.get(key)])) };
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

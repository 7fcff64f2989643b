import { SlipstreamError } from "@slipstream/conventions";
import { type Saved, SavedFields } from "@slipstream/stats";
import type { EngineOptions } from "./options.ts";
import type { SeenSizes } from "./seen-keys.ts";

/**
 * Version of what `Engine.save` gives. To be raised with any change of it, a new statistic included: a state of another
 * version is not read but made anew from the log.
 */
export const STATE_VERSION = 6;

/** All that an engine knows but for the keys of the spans seen, as plain data for structured clone or `v8.serialize`. */
export interface EngineState {
  readonly version: number;
  /** The options that it goes on with. */
  readonly options: EngineOptions;
  /** Which of the keys that `Engine.takeSeen` gave belong to this state. */
  readonly seen: SeenSizes;
  readonly parts: Saved;
}

/**
 * Whether something is a state of this version, as far as can be told at a glance.
 *
 * @throws SlipstreamError `state_version` or `state_corrupt`
 */
export function checkState(state: unknown): asserts state is EngineState {
  const { version, options, seen, parts } = (state ?? {}) as Partial<Record<keyof EngineState, unknown>>;
  if (typeof version !== "number") throw corrupt("it has no version");
  if (version !== STATE_VERSION) {
    const message = `The saved state is of version ${version}, this program's are of version ${STATE_VERSION}; make it anew from the log`;
    throw new SlipstreamError("state_version", message);
  }
  if (typeof options !== "object" || options === null) throw corrupt("it has no options");
  if (typeof parts !== "object" || parts === null) throw corrupt("it has no parts");
  for (const name of ["generation", "size", "previous"])
    new SavedFields("a number of keys", seen).number(name);
}

/** Runs what reads a state: a TypeError or a RangeError in it means that the state is not what was saved. */
export function readState<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    const wrong = error instanceof TypeError || error instanceof RangeError || isInvalidOption(error);
    if (wrong) throw corrupt(error.message, error);
    throw error;
  }
}

function corrupt(why: string, cause?: unknown): SlipstreamError {
  const message = `The saved state cannot be read (${why}); make it anew from the log`;
  return new SlipstreamError("state_corrupt", message, { cause });
}

function isInvalidOption(error: unknown): error is SlipstreamError {
  return error instanceof SlipstreamError && error.code === "invalid_option";
}

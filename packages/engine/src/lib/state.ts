import { SlipstreamError } from "@slipstream/conventions";
import { SavedFields } from "@slipstream/stats";
import type { SavedPart } from "./parts/part.ts";
import type { SeenSizes } from "./seen-keys.ts";

/**
 * All that an engine knows but for the keys of the spans seen, as plain data for structured clone or
 * `v8.serialize`: each part under its own name, with its own version. `parts.seen` says which of the keys
 * that `Engine.takeSeen` gave belong to it.
 */
export interface EngineState {
  readonly parts: Readonly<Record<string, SavedPart>>;
}

/** The part that is read with the keys of the spans seen. */
export const SEEN = "seen";

/** Which keys of spans seen belong to a state; none if it does not say. */
export function seenSizesOf({ parts }: EngineState): SeenSizes {
  try {
    return readSeenSizes(parts[SEEN]?.data);
  } catch {
    return { generation: 0, size: 0, previous: 0 };
  }
}

/** @throws TypeError */
export function readSeenSizes(saved: unknown): SeenSizes {
  const fields = new SavedFields("numbers of keys", saved);
  const [generation, size, previous] = ["generation", "size", "previous"].map((name) => fields.number(name));
  return { generation: generation ?? 0, size: size ?? 0, previous: previous ?? 0 };
}

/** @throws SlipstreamError `state_corrupt` if it is no state at all */
export function checkState(state: unknown): asserts state is EngineState {
  const parts: unknown = Object(state).parts;
  if (typeof parts !== "object" || parts === null) throw corrupt("it has no parts");
  for (const [name, part] of Object.entries(parts)) {
    if (typeof Object(part).version !== "number") throw corrupt(`its part ${name} has no version`);
  }
}

function corrupt(why: string): SlipstreamError {
  return new SlipstreamError("state_corrupt", `The saved state cannot be read: ${why}`);
}

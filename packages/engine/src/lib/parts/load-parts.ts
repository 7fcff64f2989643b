import { migrated, type Part, type SavedPart } from "./part.ts";

/** Names of parts that begin with nothing, and why. */
export type LostParts = Map<string, string>;

/** Why a part begins with nothing that the state was saved without. */
export const ABSENT = "it is not in the checkpoint";

/**
 * Has new parts take up what was saved. Those that are not there, or that lack one they need, are added to
 * `lost`.
 *
 * @param lost parts that are known to be unreadable; they are left as they are
 * @returns the name of a part that cannot be read, which is added to `lost` too. It may have taken up half of it, so begin
 * again with new parts. undefined: all is done.
 */
export function loadParts(
  parts: Readonly<Record<string, Part>>,
  saved: Readonly<Record<string, SavedPart>>,
  lost: LostParts,
): string | undefined {
  for (const [name, part] of Object.entries(parts)) {
    const missing = part.needs?.find((need) => lost.has(need));
    if (missing !== undefined) lost.set(name, `it needs ${missing}`);
    if (lost.has(name)) continue;
    const held = saved[name];
    if (held === undefined) lost.set(name, ABSENT);
    else if (readPart(name, lost, () => part.load(migrated(part, held))) === FAILED) return name;
  }
  return undefined;
}

/** That a part could not be read. */
export const FAILED: unique symbol = Symbol("unreadable");

/** What `read` gives. If what it reads is not what was saved, `lost` says so. */
export function readPart<T>(name: string, lost: LostParts, read: () => T): T | typeof FAILED {
  try {
    return read();
  } catch (error) {
    const damaged = error instanceof TypeError || error instanceof RangeError || error instanceof SyntaxError;
    if (!damaged) throw error;
    lost.set(name, error.message);
    return FAILED;
  }
}

import { canRead, type Part, type PartVersions, versionOf } from "./part.ts";

/**
 * Which versions of each part can be read, by the part's name: the newest first, which is the one that is saved. Plain data, for a
 * thread that does not load the parts.
 */
export type ReadableParts = Readonly<Record<string, readonly number[]>>;

export function readable(parts: Readonly<Record<string, Part>>): ReadableParts {
  return Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, versionsRead(part)]));
}

/** The versions of the parts that this Slipstream saves. */
export function ownPartVersions(parts: ReadableParts): PartVersions {
  return Object.fromEntries(Object.entries(parts).map(([name, [newest = 1]]) => [name, newest]));
}

/** What this Slipstream would begin with nothing if it continued a state. */
export interface MissingParts {
  /** Parts that the state does not have: whoever saved it did not know them. */
  readonly absent: number;
  /** Parts that the state has in a version that cannot be read. */
  readonly unreadable: number;
}

/** @param versions of the state's parts */
export function missingParts(parts: ReadableParts, versions: PartVersions): MissingParts {
  let [absent, unreadable] = [0, 0];
  for (const [name, versionsOfPart] of Object.entries(parts)) {
    const version = versions[name];
    if (version === undefined) absent += 1;
    else if (!versionsOfPart.includes(version)) unreadable += 1;
  }
  return { absent, unreadable };
}

function versionsRead(part: Part): readonly number[] {
  const versions: number[] = [];
  for (let version = versionOf(part); canRead(part, version); version -= 1) versions.push(version);
  return versions;
}

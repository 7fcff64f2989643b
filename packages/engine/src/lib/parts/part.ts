import type { Savable, Saved } from "@slipstream/stats";

/**
 * What older versions of a part saved, brought up by one version each: `migrations[1]` makes version 2 of
 * version 1.
 */
export type Migrations = Readonly<Record<number, (saved: Saved) => Saved>>;

/**
 * A part of the engine's state, saved under a name of its own with a version of its own. See docs/upgrade.md.
 */
export interface Part extends Savable {
  /** Version of what `save` gives. Raise it with every change of that, and add a migration. Default 1. */
  readonly version?: number;
  readonly migrations?: Migrations;
  /**
   * Names of parts that it says nothing true without: if one of them begins with nothing, so does this one.
   */
  readonly needs?: readonly string[];
}

/** Since when something counts. */
export interface Since {
  /** Time of receipt, Unix ms. */
  readonly ms: number;
  /** false: it began at this time or before; when exactly is not recorded. */
  readonly exact: boolean;
}

/** A part as it is saved. */
export interface SavedPart {
  readonly version: number;
  /** null: it had not begun to count. Missing: whoever saved it did not record it. */
  readonly since?: Since | null;
  readonly data: Saved;
}

/** Versions of saved parts, by their names. */
export type PartVersions = Readonly<Record<string, number>>;

export function versionOf({ version = 1 }: Part): number {
  return version;
}

/** Whether the part can take up what a version of it saved. */
export function canRead(part: Part, version: number): boolean {
  for (let at = version; at < versionOf(part); at += 1) if (part.migrations?.[at] === undefined) return false;
  return version <= versionOf(part);
}

/**
 * What was saved, in the form of the part's present version.
 *
 * @throws TypeError if no migration leads there from its version, or if it is not what that version saved
 */
export function migrated(part: Part, { version, data }: SavedPart): Saved {
  if (version > versionOf(part)) throw new TypeError(`version ${version} was written by a newer Slipstream`);
  let saved = data;
  for (let at = version; at < versionOf(part); at += 1) {
    const migrate = part.migrations?.[at];
    if (migrate === undefined) throw new TypeError(`version ${at} cannot be read any more`);
    saved = migrate(saved);
  }
  return saved;
}

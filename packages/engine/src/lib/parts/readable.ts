import { Desks } from "../desks/desks.ts";
import { canRead, type Part, type PartVersions, versionOf } from "./part.ts";

let own: Readonly<Record<string, Part>> | undefined;

function ownParts(): Readonly<Record<string, Part>> {
  own ??= Desks.parts;
  return own;
}

/** The versions of the parts that this Slipstream saves. */
export function ownPartVersions(): PartVersions {
  return Object.fromEntries(Object.entries(ownParts()).map(([name, part]) => [name, versionOf(part)]));
}

/** What this Slipstream would begin with nothing if it continued a state. */
export interface MissingParts {
  /** Parts that the state does not have: whoever saved it did not know them. */
  readonly absent: number;
  /** Parts that the state has in a version that cannot be read. */
  readonly unreadable: number;
}

/** @param versions of the state's parts */
export function missingParts(versions: PartVersions): MissingParts {
  let [absent, unreadable] = [0, 0];
  for (const [name, part] of Object.entries(ownParts())) {
    const version = versions[name];
    if (version === undefined) absent += 1;
    else if (!canRead(part, version)) unreadable += 1;
  }
  return { absent, unreadable };
}

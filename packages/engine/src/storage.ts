/**
 * What a program needs that stores rows and states and computes none. An entry of its own, because a thread that loads the whole
 * engine takes 20 MiB more.
 */
export { OWN_DESK } from "./lib/desks/desk-name.ts";
export { type HistoryRow, type HistoryValue, recordOf, rowOfDesk, timestampUs } from "./lib/history/rows.ts";
export type { PartVersions } from "./lib/parts/part.ts";
export {
  type MissingParts,
  missingParts,
  ownPartVersions,
  type ReadableParts,
} from "./lib/parts/readable.ts";
export { asParts, partVersionsOf } from "./lib/parts/single-version.ts";
export type { SeenKeys } from "./lib/seen-keys.ts";
export { type EngineState, seenSizesOf } from "./lib/state.ts";

/** Instants are published on multiples of this in event time, and windows are cut into panes of it. */
export const BOUNDARY_MS = 5_000;

/** A service (a gauge) that was not heard of for this long is unknown. */
export const FRESH_MS = 60_000;

/** What is older than this at its receipt is a backlog, or of a clock that is behind: it says nothing about now. */
export const BACKLOG_MS = 30_000;

/** The first boundary at or after the time: the end of the pane that holds it. */
export function boundaryAtOrAfter(timeMs: number): number {
  return Math.ceil(timeMs / BOUNDARY_MS) * BOUNDARY_MS;
}

/** The last boundary at or before the time. */
export function boundaryAtOrBefore(timeMs: number): number {
  return Math.floor(timeMs / BOUNDARY_MS) * BOUNDARY_MS;
}

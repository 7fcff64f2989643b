import { type Config, valuesOf } from "@slipstream/config";
import type { Segment } from "./log.ts";
import { logOptions } from "./options.ts";
import { BEGINNING, type Position } from "./position.ts";

export interface Retention {
  /** Bytes that the log may take; the segment that is written to is kept in any case. */
  readonly maxBytes: number;
  /** How long after its receipt a record is kept, ms. */
  readonly maxAgeMs: number;
}

/** How much of the log is kept, as it is configured. */
export function logRetention(config: Config<typeof logOptions>): Retention {
  const { logKeepHours, logMaxBytes } = valuesOf(logOptions, config);
  return { maxBytes: logMaxBytes, maxAgeMs: logKeepHours * 3_600_000 };
}

/**
 * The position through which the log may be dropped: oldest segments first, as few as the bounds ask for. `BEGINNING`: none.
 * @param segments oldest first; the last one is written to
 */
export function retention(
  segments: readonly Segment[],
  { maxBytes, maxAgeMs, nowMs }: Retention & { readonly nowMs: number },
): Position {
  let bytes = segments.reduce((sum, segment) => sum + segment.bytes, 0);
  let through = BEGINNING;
  for (const segment of segments.slice(0, -1)) {
    const tooOld = segment.toMs !== undefined && nowMs - segment.toMs > maxAgeMs;
    if (bytes <= maxBytes && !tooOld) break;
    bytes -= segment.bytes;
    through = segment.last;
  }
  return through;
}

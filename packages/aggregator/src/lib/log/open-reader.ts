import { FrameReader } from "./frames/frame-reader.ts";
import type { SegmentFile } from "./segment-name.ts";
import type { SegmentReader } from "./segment-reader.ts";
import { SqliteReader } from "./sqlite/sqlite-reader.ts";

/**
 * undefined if the segment has just been created and is still empty.
 * @throws SlipstreamError `log_corrupt`, `log_version`, `log_unusable`
 */
export function openReader(segment: SegmentFile): SegmentReader | undefined {
  return segment.layout === "sqlite" ? SqliteReader.open(segment) : FrameReader.open(segment);
}

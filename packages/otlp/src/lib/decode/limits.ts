/** What a body may hold. More is refused: a few bytes must not become a thousand times as much work. */
export interface DecodeLimits {
  /** Resources, scopes, spans, metrics and points in a body. */
  readonly maxItems: number;
  /**
   * Values in one span, one point or one resource: each attribute, event and link, whatever stands in them, and each field
   * that is not known.
   */
  readonly maxItemValues: number;
  /** Bytes of JSON of one span, one point or one resource, and of anything beside them that is stepped over. */
  readonly maxItemBytes: number;
}

/** For bodies that were accepted before. */
export const noLimits: DecodeLimits = {
  maxItems: Number.MAX_SAFE_INTEGER,
  maxItemValues: Number.MAX_SAFE_INTEGER,
  maxItemBytes: Number.MAX_SAFE_INTEGER,
};

/** An encoded request body that waits to be delivered. */
export interface Batch {
  readonly body: Uint8Array;
  /** Spans in it; 0 for metrics. */
  readonly spans: number;
}

/** An encoded request body waiting for delivery. */
export interface Batch {
  readonly body: Uint8Array;
  /** Number of spans in it; 0 for metrics. */
  readonly spans: number;
}

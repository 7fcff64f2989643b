/** One OTLP request as a service sends it. Sent again, it is the same bytes. */
export interface Batch {
  readonly index: number;
  readonly kind: "traces" | "metrics";
  readonly format: "protobuf" | "json";
  readonly gzip: boolean;
  /** As OTLP, not compressed. */
  readonly plain: Uint8Array;
  /** As it is sent. */
  readonly body: Uint8Array;
  /** The spans in it that count as received, as `DESK/SERVICE TRACE SPAN`: readable ones, and of canaries those that are numbered. */
  readonly spans: readonly string[];
}

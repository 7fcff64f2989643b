import { decodeOtlp, layoutOf, OTLP_LAYOUT, type OtlpBody } from "./otlp.ts";
import type { RecordKind } from "./record-kind.ts";

/** The body of a `POST /v1/metrics`. */
export const metrics: RecordKind<OtlpBody> = {
  name: "metrics",
  layout: OTLP_LAYOUT,
  layoutOf,
  encode: ({ format, compression, body }) => ({ format, compression, body }),
  decode: (content) => decodeOtlp("metrics", content),
};

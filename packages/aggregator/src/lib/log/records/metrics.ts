import { decodeOtlp, type OtlpBody } from "./otlp.ts";
import type { RecordKind } from "./record-kind.ts";

/** The body of a `POST /v1/metrics`. */
export const metrics: RecordKind<OtlpBody> = {
  name: "metrics",
  layout: 1,
  encode: ({ format, compression, body }) => ({ format, compression, body }),
  decode: (content) => decodeOtlp("metrics", content),
};

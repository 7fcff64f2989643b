import { decodeOtlp, type OtlpBody } from "./otlp.ts";
import type { RecordKind } from "./record-kind.ts";

/** The body of a `POST /v1/traces`. */
export const traces: RecordKind<OtlpBody> = {
  name: "traces",
  layout: 1,
  encode: ({ format, compression, body }) => ({ format, compression, body }),
  decode: (content) => decodeOtlp("traces", content),
};

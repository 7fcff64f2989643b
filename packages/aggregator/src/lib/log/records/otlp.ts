import { gunzipSync } from "node:zlib";
import { type Batch, decodeBatch, type OtlpFormat } from "@slipstream/otlp/decode";
import type { RecordContent } from "../log.ts";

/** The body of an OTLP request, as it came in. */
export interface OtlpBody {
  readonly format: OtlpFormat;
  /** How `body` is compressed. */
  readonly compression: "none" | "gzip";
  readonly body: Uint8Array;
}

/** @throws OtlpError or Error if the content is not an OTLP body of this kind */
export function decodeOtlp(kind: Batch["kind"], { format, compression, body }: RecordContent): Batch {
  if (format !== "protobuf" && format !== "json") throw new Error(`its format is ${format}`);
  if (compression !== "none" && compression !== "gzip") throw new Error(`its compression is ${compression}`);
  return decodeBatch(kind, compression === "gzip" ? gunzipSync(body) : body, format);
}

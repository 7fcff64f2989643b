import { type Batch, decodeBatch, type OtlpFormat } from "@slipstream/otlp/decode";
import { type Compression, inflateAll } from "../../compression/compression.ts";
import type { RecordContent } from "../log.ts";

/** The body of an OTLP request, as it came in. */
export interface OtlpBody {
  readonly format: OtlpFormat;
  /** How `body` is compressed. */
  readonly compression: Compression;
  readonly body: Uint8Array;
}

/** The layout of records whose body is compressed with zstd. Programs that know only the first do not read those. */
export const OTLP_LAYOUT = 2;

export function layoutOf({ compression }: RecordContent): number {
  return compression === "zstd" ? OTLP_LAYOUT : 1;
}

/** @throws OtlpError or Error if the content is not an OTLP body of this kind */
export function decodeOtlp(kind: Batch["kind"], { format, compression, body }: RecordContent): Batch {
  if (format !== "protobuf" && format !== "json") throw new Error(`its format is ${format}`);
  if (compression !== "none" && compression !== "gzip" && compression !== "zstd")
    throw new Error(`its compression is ${compression}`);
  return decodeBatch(kind, inflateAll(body, compression), format);
}

import type { IncomingHttpHeaders } from "node:http";
import type { OtlpFormat } from "@slipstream/otlp/decode";
import type { Compression } from "../compression/compression.ts";
import { HttpError } from "../server/http-error.ts";

export const mediaType: Readonly<Record<OtlpFormat, string>> = {
  protobuf: "application/x-protobuf",
  json: "application/json",
};

/** The format of a body, by the Content-Type header; undefined if it is not one of ours. */
export function formatOf({ "content-type": type = "" }: IncomingHttpHeaders): OtlpFormat | undefined {
  const essence = type.split(";", 1)[0]?.trim().toLowerCase();
  if (essence === mediaType.protobuf) return "protobuf";
  return essence === mediaType.json ? "json" : undefined;
}

export function unsupportedType({ "content-type": type }: IncomingHttpHeaders): HttpError {
  const given = type === undefined ? "no Content-Type" : `Content-Type ${JSON.stringify(type.slice(0, 100))}`;
  return new HttpError(
    415,
    "unsupported_media_type",
    `The request has ${given}; send ${mediaType.protobuf} or ${mediaType.json}.`,
    { field: "Content-Type", headers: { accept: `${mediaType.protobuf}, ${mediaType.json}` } },
  );
}

/** @throws HttpError 415 for an encoding that is not supported */
export function compressionOf({ "content-encoding": encoding = "" }: IncomingHttpHeaders): Compression {
  const name = encoding.trim().toLowerCase();
  if (name === "" || name === "identity") return "none";
  if (name === "gzip" || name === "x-gzip") return "gzip";
  if (name === "zstd") return "zstd";
  throw new HttpError(
    415,
    "unsupported_encoding",
    `The request has Content-Encoding ${JSON.stringify(encoding.slice(0, 100))}; send gzip, zstd or identity.`,
    { field: "Content-Encoding", headers: { "accept-encoding": "gzip, zstd, identity" } },
  );
}

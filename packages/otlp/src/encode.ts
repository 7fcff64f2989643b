export type { CompactClock, CompactRest, CompactSpan } from "./lib/encode/compact-span.ts";
export type { EncodableScope, EncodableSpan } from "./lib/encode/encodable-span.ts";
export { writeAttribute } from "./lib/encode/encode-attributes.ts";
export { writeCompactSpan } from "./lib/encode/encode-compact-span.ts";
export { writeScope, writeSpan } from "./lib/encode/encode-span.ts";
export { KeyCache } from "./lib/encode/key-cache.ts";
export { readPartialSuccess } from "./lib/encode/partial-success.ts";
export { ProtobufWriter, utf8Bytes, varintBytes } from "./lib/encode/protobuf-writer.ts";

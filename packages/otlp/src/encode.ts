export type { EncodableScope, EncodableSpan } from "./lib/encode/encodable-span.ts";
export { writeAttribute } from "./lib/encode/encode-attributes.ts";
export { writeScope, writeSpan } from "./lib/encode/encode-span.ts";
export { readPartialSuccess } from "./lib/encode/partial-success.ts";
export { ProtobufWriter, utf8Bytes, varintBytes } from "./lib/encode/protobuf-writer.ts";

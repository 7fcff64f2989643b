import { semconv } from "@slipstream/conventions";
import { fieldBits, tagOf } from "./fields.ts";
import type { Resource } from "./model.ts";
import { KeyValueReader } from "./protobuf-attributes.ts";
import { BYTES, type ProtoReader } from "./reader.ts";

// opentelemetry/proto/resource/v1/resource.proto
const RESOURCE_ATTRIBUTES = tagOf(1, BYTES);
const RESOURCE_FIELDS = fieldBits(1);
const WHERE_RESOURCE = "Resource";

const resourceKeys = new KeyValueReader<{ field: keyof Resource; repeats: true }>([
  [semconv.serviceName, { field: "service", repeats: true }],
  [semconv.serviceInstanceId, { field: "instance", repeats: true }],
  [semconv.desk, { field: "desk", repeats: true }],
]);

export const unknownResource: Resource = { service: "unknown_service", instance: "", desk: "" };

/** Reads a Resource message; `before` is what an earlier part of the same message said. */
export function readResource(reader: ProtoReader, before: Resource): Resource {
  const outer = reader.enter(WHERE_RESOURCE);
  const resource = { service: before.service, instance: before.instance, desk: before.desk };
  while (reader.pos < reader.end) {
    const tag = reader.tag(WHERE_RESOURCE);
    if (tag !== RESOURCE_ATTRIBUTES) {
      reader.skip(tag, RESOURCE_FIELDS, WHERE_RESOURCE);
      continue;
    }
    const kept = resourceKeys.next(reader, "Resource.attributes");
    const { value } = resourceKeys;
    if (kept !== undefined && value !== undefined && value !== "") resource[kept.field] = String(value);
  }
  reader.leave(outer);
  return resource;
}

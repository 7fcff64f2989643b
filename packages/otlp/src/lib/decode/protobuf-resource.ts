import { semconv } from "@slipstream/conventions";
import { fieldBits, tagOf } from "./fields.ts";
import type { Refusal, Resource } from "./model.ts";
import { KeyValueReader } from "./protobuf-attributes.ts";
import { BYTES, type ProtoReader } from "./reader.ts";
import { RefusalCount } from "./refusals.ts";
import type { Steps } from "./steps.ts";

// opentelemetry/proto/resource/v1/resource.proto
const RESOURCE_ATTRIBUTES = tagOf(1, BYTES);
const RESOURCE_FIELDS = fieldBits(1);
const WHERE_RESOURCE = "Resource";

// The same fields in ResourceSpans and ResourceMetrics.
const RESOURCE = tagOf(1, BYTES);
const SCOPES = tagOf(2, BYTES);
const SIGNAL_FIELDS = fieldBits(1, 2);

const resourceKeys = new KeyValueReader<{ field: keyof Resource; repeats: true }>([
  [semconv.serviceName, { field: "service", repeats: true }],
  [semconv.serviceInstanceId, { field: "instance", repeats: true }],
  [semconv.desk, { field: "desk", repeats: true }],
]);

const unknownResource: Resource = { service: "unknown_service", instance: "", desk: "" };

/**
 * Reads a ResourceSpans or a ResourceMetrics message, named by `where`: its resource, then each of its scopes with
 * `readScope`. Gives the resource; what was refused under it goes to `refusals`.
 */
export function* readOfResource(
  reader: ProtoReader,
  where: string,
  readScope: (resource: Resource, refused: RefusalCount) => Steps<void>,
  refusals: Refusal[],
): Steps<Resource> {
  const outer = reader.enterItem(where);
  const start = reader.pos;
  // The resource may stand behind its scopes.
  let resource = unknownResource;
  while (reader.pos < reader.end) {
    if (reader.isDue) yield* pause(reader);
    const tag = reader.tag(where);
    if (tag === RESOURCE) resource = readResource(reader, resource);
    else reader.skip(tag, tag === SCOPES ? 0 : SIGNAL_FIELDS, where);
  }
  reader.pos = start;
  reader.resume();
  const refused = new RefusalCount();
  while (reader.pos < reader.end) {
    if (reader.isDue) yield* pause(reader);
    const tag = reader.tag(where);
    if (tag === SCOPES) yield* readScope(resource, refused);
    else reader.skip(tag, 0, where);
  }
  reader.leave(outer);
  refused.report(resource, refusals);
  return resource;
}

export function* pause(reader: ProtoReader): Steps<void> {
  yield reader.items;
  reader.resume();
}

/** Reads a Resource message; `before` is what an earlier part of the same message said. */
function readResource(reader: ProtoReader, before: Resource): Resource {
  const outer = reader.enter(WHERE_RESOURCE);
  reader.countFields();
  const resource = { service: before.service, instance: before.instance, desk: before.desk };
  while (reader.pos < reader.end) {
    const tag = reader.tag(WHERE_RESOURCE);
    if (tag !== RESOURCE_ATTRIBUTES) {
      reader.skip(tag, RESOURCE_FIELDS, WHERE_RESOURCE);
      continue;
    }
    const kept = resourceKeys.next(reader, "Resource.attributes");
    const value = kept === undefined ? undefined : resourceKeys.scalar(reader);
    if (kept !== undefined && value !== undefined && value !== "") resource[kept.field] = String(value);
  }
  reader.countNoFields();
  reader.leave(outer);
  return resource;
}

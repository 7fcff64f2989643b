import {
  type CompactClock,
  type CompactSpan,
  type EncodableScope,
  type EncodableSpan,
  KeyCache,
  ProtobufWriter,
  utf8Bytes,
  varintBytes,
  writeAttribute,
  writeCompactSpan,
  writeScope,
  writeSpan,
} from "@slipstream/otlp/encode";
import type { Batch } from "./batch.ts";

// opentelemetry/proto/trace/v1/trace.proto
const RESOURCE_SPANS = 0x0a;
const RESOURCE = 0x0a;
const RESOURCE_ATTRIBUTES = 0x0a;
const SCOPE_SPANS = 0x12;
const SCOPE = 0x0a;
const SPANS = 0x12;
const SCHEMA_URL = 0x1a;
const KEPT_BUFFER_BYTES = 2 ** 18;
const MOST_SCOPES = 256;

interface ScopeBuffer {
  readonly scope: EncodableScope;
  readonly writer: ProtobufWriter;
  /** Number of bytes at the start of the writer that encode the scope. */
  readonly prefix: number;
}

/** The batch being filled, with encoded spans: bytes with an exact size. */
export class BatchBuilder {
  readonly #resource: Uint8Array;
  readonly #scopes = new Map<EncodableScope, ScopeBuffer>();
  readonly #keys = new KeyCache();
  #spans = 0;
  #bytes = 0;

  constructor(resource: Readonly<Record<string, string>>) {
    const writer = new ProtobufWriter(256);
    const start = writer.begin(RESOURCE);
    for (const [key, value] of Object.entries(resource))
      writeAttribute(writer, RESOURCE_ATTRIBUTES, key, value);
    writer.end(start);
    this.#resource = writer.view().slice();
  }

  get spans(): number {
    return this.#spans;
  }

  /** Size of the encoded spans. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Adds an ended span of the SDK. */
  add(span: EncodableSpan): void {
    const { writer } = this.#bufferOf(span.instrumentationScope);
    const before = writer.length;
    try {
      writeSpan(writer, SPANS, span);
    } catch (error) {
      writer.truncate(before);
      throw error;
    }
    this.#count(writer.length - before);
  }

  addCompact(span: CompactSpan, scope: EncodableScope, clock: CompactClock): void {
    const { writer } = this.#bufferOf(scope);
    const before = writer.length;
    try {
      writeCompactSpan(writer, SPANS, span, clock, this.#keys);
    } catch (error) {
      writer.truncate(before);
      throw error;
    }
    this.#count(writer.length - before);
  }

  /** Takes the batch and leaves the builder empty. */
  seal(): Batch {
    const filled = [...this.#scopes.values()].filter(({ writer, prefix }) => writer.length > prefix);
    let size = this.#resource.length;
    for (const part of filled) size += scopeBytes(part) + 1 + varintBytes(scopeBytes(part));
    const out = new ProtobufWriter(size + 6);
    out.header(RESOURCE_SPANS, size);
    out.raw(this.#resource);
    for (const part of filled) {
      out.header(SCOPE_SPANS, scopeBytes(part));
      out.raw(part.writer.view());
      if (part.scope.schemaUrl) out.string(SCHEMA_URL, part.scope.schemaUrl);
    }
    const batch: Batch = { body: out.view(), spans: this.#spans };
    this.#clear();
    return batch;
  }

  #clear(): void {
    this.#spans = 0;
    this.#bytes = 0;
    if (this.#scopes.size > MOST_SCOPES) this.#scopes.clear();
    for (const { scope, writer, prefix } of this.#scopes.values()) {
      writer.truncate(prefix);
      if (writer.capacity > KEPT_BUFFER_BYTES) this.#scopes.delete(scope);
    }
  }

  #count(bytes: number): void {
    this.#bytes += bytes;
    this.#spans += 1;
  }

  #bufferOf(scope: EncodableScope): ScopeBuffer {
    return this.#scopes.get(scope) ?? this.#newScope(scope);
  }

  #newScope(scope: EncodableScope): ScopeBuffer {
    const writer = new ProtobufWriter();
    writeScope(writer, SCOPE, scope);
    const buffer: ScopeBuffer = { scope, writer, prefix: writer.length };
    this.#scopes.set(scope, buffer);
    return buffer;
  }
}

function scopeBytes({ scope, writer }: ScopeBuffer): number {
  if (!scope.schemaUrl) return writer.length;
  const url = utf8Bytes(scope.schemaUrl);
  return writer.length + 1 + varintBytes(url) + url;
}

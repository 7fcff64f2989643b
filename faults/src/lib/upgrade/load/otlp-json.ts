export type Value = string | number | boolean;

export interface SpanDraft {
  readonly name: string;
  readonly id: number;
  readonly parent?: number;
  readonly trace: number;
  readonly kind?: number;
  readonly endMs: number;
  readonly ms: number;
  readonly failed?: boolean;
  readonly attributes?: Readonly<Record<string, Value | undefined>>;
}

export function spanOf({
  name,
  id,
  parent,
  trace,
  kind = 1,
  endMs,
  ms,
  failed,
  attributes = {},
}: SpanDraft): object {
  return {
    traceId: trace.toString(16).padStart(32, "0"),
    spanId: id.toString(16).padStart(16, "0"),
    ...(parent === undefined ? {} : { parentSpanId: parent.toString(16).padStart(16, "0") }),
    name,
    kind,
    startTimeUnixNano: nanos(endMs - ms),
    endTimeUnixNano: nanos(endMs),
    attributes: attributesOf(attributes),
    status: { code: failed ? 2 : 0 },
  };
}

export function resource(service: string, instance: string): object {
  return { attributes: attributesOf({ "service.name": service, "service.instance.id": instance }) };
}

export function attributesOf(attributes: Readonly<Record<string, Value | undefined>>): object[] {
  return Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [{ key, value: anyValue(key, value) }],
  );
}

function anyValue(key: string, value: Value): object {
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  const whole = Number.isInteger(value) && !key.endsWith("_usd") && !key.endsWith("_ms");
  return whole ? { intValue: String(value) } : { doubleValue: value };
}

export function nanos(ms: number): string {
  return `${BigInt(Math.round(ms)) * 1_000_000n}`;
}

/** OTLP requests in the shape that JSON gives them; ids as hex text, 64-bit integers as decimal text. */
export interface TracesRequest {
  readonly resourceSpans: readonly {
    readonly resource: ResourceMessage;
    readonly scopeSpans: readonly { readonly spans: readonly SpanMessage[] }[];
  }[];
}

export interface MetricsRequest {
  readonly resourceMetrics: readonly {
    readonly resource: ResourceMessage;
    readonly scopeMetrics: readonly { readonly metrics: readonly GaugeMessage[] }[];
  }[];
}

export interface ResourceMessage {
  readonly attributes: readonly KeyValue[];
}

export interface SpanMessage {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  /** 1 internal, 3 client. */
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly KeyValue[];
  /** 1 ok, 2 error. */
  readonly status: { readonly code: number };
}

export interface GaugeMessage {
  readonly name: string;
  readonly gauge: {
    readonly dataPoints: readonly {
      readonly timeUnixNano: string;
      readonly asDouble: number;
      readonly attributes: readonly KeyValue[];
    }[];
  };
}

export interface KeyValue {
  readonly key: string;
  readonly value:
    | { readonly stringValue: string }
    | { readonly doubleValue: number }
    | { readonly intValue: string }
    | { readonly boolValue: boolean };
}

/** Whole numbers as integers, other numbers as doubles. */
export function keyValues(values: Readonly<Record<string, string | number | boolean>>): KeyValue[] {
  return Object.entries(values).map(([key, value]) => {
    if (typeof value === "string") return { key, value: { stringValue: value } };
    if (typeof value === "boolean") return { key, value: { boolValue: value } };
    return { key, value: Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value } };
  });
}

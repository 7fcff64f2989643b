import { Receiver } from "@slipstream/testing/otlp-receiver";
import { type DecodedMetric, type DecodedSpan, plain } from "@slipstream/testing/otlp-requests";

export interface ReceivedSpan {
  /** Base64, as the other ids. */
  readonly traceId: string;
  readonly spanId: string;
  /** "" for a root. */
  readonly parentId: string;
  readonly name: string;
  readonly kind: number;
  readonly durationMs: number;
  readonly endMs: number;
  readonly failed: boolean;
  readonly attributes: Readonly<Record<string, unknown>>;
}

export interface OtlpReceiver {
  readonly url: string;
  readonly spans: readonly ReceivedSpan[];
  /**
   * The newest value of each point, by its metric's name and its attributes as `name{key=value}`: the value of a gauge
   * or sum, the count of a histogram.
   */
  readonly points: ReadonlyMap<string, number>;
  /** Every value that a point had, in order. */
  history(point: string): readonly number[];
  close(): Promise<void>;
}

/** An OTLP receiver on loopback that shows spans and points as a test of a desk wants them. */
export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  const receiver = await Receiver.start();
  const spans: ReceivedSpan[] = [];
  return {
    url: receiver.url,
    get spans() {
      spans.push(...receiver.spans.slice(spans.length).map(receivedSpan));
      return spans;
    },
    get points() {
      return new Map(receiver.metricsSoFar.flat().flatMap(pointsOf));
    },
    history: (point) =>
      receiver.metricsSoFar
        .flat()
        .flatMap(pointsOf)
        .flatMap(([name, value]) => (name === point ? [value] : [])),
    close: () => receiver.close(),
  };
}

function receivedSpan(span: DecodedSpan): ReceivedSpan {
  const end = BigInt(span.endTimeUnixNano);
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    parentId: span.parentSpanId ?? "",
    name: span.name,
    kind: span.kind,
    durationMs: Number(end - BigInt(span.startTimeUnixNano)) / 1e6,
    endMs: Number(end) / 1e6,
    failed: span.status?.code === 2,
    attributes: attributesOf(span.attributes),
  };
}

function pointsOf({ name, gauge, sum, histogram }: DecodedMetric): [string, number][] {
  return ((gauge ?? sum ?? histogram)?.dataPoints ?? []).map((point) => {
    const labels = Object.entries(plain(point.attributes)).map(([key, value]) => `${key}=${value}`);
    const value = "count" in point ? point.count : (point.asDouble ?? point.asInt);
    return [labels.length === 0 ? name : `${name}{${labels.join(",")}}`, Number(value ?? 0)];
  });
}

/** Integers of 64 bits come as bigint, the rest as it is. */
function attributesOf(attributes: DecodedSpan["attributes"]): Record<string, unknown> {
  const integers = attributes.flatMap(({ key, value }) =>
    value.intValue === undefined ? [] : [[key, BigInt(value.intValue)] as const],
  );
  return { ...plain(attributes), ...Object.fromEntries(integers) };
}

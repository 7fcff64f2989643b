import { promisify } from "node:util";
import { constants, gzip } from "node:zlib";
import type { MetricFamily } from "@slipstream/engine";
import type { FamilyWriter } from "./family-writer.ts";
import { acceptsGzip, type ExpositionFormat, negotiate } from "./negotiate.ts";
import { encodeOpenMetrics, openMetricsContentType } from "./open-metrics-text.ts";
import { encodePrometheus, prometheusContentType } from "./prometheus-text.ts";

const gzipAsync = promisify(gzip);

const formats: Readonly<Record<ExpositionFormat, { contentType: string; encode: FamilyWriter }>> = {
  prometheus: { contentType: prometheusContentType, encode: encodePrometheus },
  openmetrics: { contentType: openMetricsContentType, encode: encodeOpenMetrics },
};

/** A smaller body is not worth compressing. */
const leastGzipBytes = 1024;

/** An exposition as it is sent. */
export interface Exposition {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Renders families in the form that a client asks for with its Accept and Accept-Encoding headers. */
export async function expose(
  families: readonly MetricFamily[],
  wanted: { readonly accept?: string | undefined; readonly acceptEncoding?: string | undefined },
): Promise<Exposition> {
  const { contentType, encode } = formats[negotiate(wanted.accept)];
  const plain = encode(families);
  const headers = {
    "content-type": contentType,
    vary: "Accept, Accept-Encoding",
    "cache-control": "no-store",
  };
  if (plain.length < leastGzipBytes || !acceptsGzip(wanted.acceptEncoding)) {
    return { headers, body: plain };
  }
  // Level 1: the text is so repetitive that higher levels save little and cost the aggregator's CPU time.
  const body = await gzipAsync(plain, { level: constants.Z_BEST_SPEED });
  return { headers: { ...headers, "content-encoding": "gzip" }, body };
}

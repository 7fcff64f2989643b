import type { IncomingMessage, ServerResponse } from "node:http";
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

/** Below this many bytes a gzipped body is not worth its making. */
const leastGzipBytes = 1024;

/** An exposition, ready to be sent. */
export interface Exposition {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Renders families as a client wants them by its Accept and Accept-Encoding headers. */
export async function expose(
  families: readonly MetricFamily[],
  wanted: { readonly accept?: string | undefined; readonly acceptEncoding?: string | undefined },
): Promise<Exposition> {
  const { contentType, encode } = formats[negotiate(wanted.accept)];
  const plain = encode(families);
  const headers = {
    "Content-Type": contentType,
    Vary: "Accept, Accept-Encoding",
    "Cache-Control": "no-store",
  };
  if (plain.length < leastGzipBytes || !acceptsGzip(wanted.acceptEncoding)) {
    return { headers: { ...headers, "Content-Length": String(plain.length) }, body: plain };
  }
  // Level 1: the text is so repetitive that higher levels save little and cost the aggregator's CPU time.
  const body = await gzipAsync(plain, { level: constants.Z_BEST_SPEED });
  return {
    headers: { ...headers, "Content-Encoding": "gzip", "Content-Length": String(body.length) },
    body,
  };
}

/**
 * Handler of `GET /metrics` (and HEAD). `collect` is called once per request; families of one name from several
 * sources are merged.
 */
export function createMetricsHandler(
  collect: () => readonly MetricFamily[],
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  return async (request, response) => {
    const { headers, body } = await expose(collect(), {
      accept: request.headers.accept,
      acceptEncoding: request.headers["accept-encoding"]?.toString(),
    });
    response.writeHead(200, headers);
    response.end(request.method === "HEAD" ? undefined : body);
  };
}

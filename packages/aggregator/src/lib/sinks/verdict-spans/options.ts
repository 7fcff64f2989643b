import type { Config } from "@slipstream/config";
import { otlpHeaders } from "@slipstream/conventions";

/** A header's name, "=", and its value, percent-encoded if it has a comma. */
const HEADER = String.raw`\s*[\w!#$%&'*+.^|~-]+\s*=(?:[^,%\x00-\x1f\x7f]|%[\da-fA-F]{2})*`;

/** The trace store that verdicts are sent to. */
export const verdictSpansOptions = {
  title: "Verdicts in traces",
  options: {
    tracesEndpoint: {
      type: "url",
      protocols: ["http:", "https:"],
      pattern: /^https?:\/\/[^/?#]/i as RegExp,
      example: "http://127.0.0.1:4318",
      secret: true,
      unset: "none; verdicts are in no trace",
      env: "SLIPSTREAM_TRACES_ENDPOINT",
      flag: "--traces-endpoint <url>",
      help: "OTLP/HTTP endpoint that final verdicts are sent to as spans of their trades' traces, usually the Collector's",
      details:
        "The base URL; `/v1/traces` is added to its path unless it ends so. Spans of the trading services must reach the same trace store.",
    },
    tracesHeaders: {
      type: "text",
      pattern: new RegExp(`^${HEADER}(?:,${HEADER})*$`) as RegExp,
      allowed: "NAME=VALUE pairs, separated by commas; values may be percent-encoded",
      secret: true,
      unset: "none",
      env: "SLIPSTREAM_TRACES_HEADERS",
      help: "headers for that endpoint, such as authorization=Bearer%20TOKEN",
      details: "The same form as that of `OTEL_EXPORTER_OTLP_HEADERS`.",
    },
  },
} as const;

/** The sink's name. */
export const TRACES = "traces";

/** Where verdicts are sent to. It may hold secrets, so it is never logged. */
export interface TracesTarget {
  /** With the path of OTLP. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

/** The trace store as it is configured; undefined if it is not. */
export function tracesTarget({
  tracesEndpoint,
  tracesHeaders,
}: Config<typeof verdictSpansOptions>): TracesTarget | undefined {
  if (tracesEndpoint === undefined) return undefined;
  const url = new URL(tracesEndpoint);
  const path = url.pathname.replace(/\/+$/, "");
  url.pathname = path.endsWith("/v1/traces") ? path : `${path}/v1/traces`;
  url.hash = "";
  return { url: url.href, headers: otlpHeaders(tracesHeaders) };
}

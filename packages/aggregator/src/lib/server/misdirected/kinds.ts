import type { IncomingHttpHeaders } from "node:http";

/** A way to send to the wrong place. */
export interface MisdirectedKind {
  /** What the client does, as the end of "a client ...". */
  readonly what: string;
  /** What to change. */
  readonly remedy: string;
  /** It works all the same. */
  readonly taken?: true;
}

const ENDPOINT = "set OTEL_EXPORTER_OTLP_ENDPOINT=http://HOST:PORT of the aggregator, without a path";
const COLLECTOR =
  "the aggregator takes OTLP over HTTP only: set OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf, or send OTLP/gRPC to an OpenTelemetry Collector that exports to the aggregator with otlp_http";

/** The kinds, as the label on `/metrics` names them. */
export const misdirectedNames = [
  "path_slashes",
  "path_doubled",
  "path_missing",
  "path_prefix",
  "logs",
  "profiles",
  "grpc",
  "h2c",
  "tls",
  "content_type",
  "wrong_format",
  "wrong_signal",
  "too_large",
  "remote_write",
  "zipkin",
  "get",
] as const;

export type MisdirectedName = (typeof misdirectedNames)[number];

/** What is known of each kind. */
export const misdirectedKinds: Readonly<Record<MisdirectedName, MisdirectedKind>> = {
  path_slashes: {
    what: "sends to a path with a slash too many, such as //v1/traces or /v1/traces/",
    remedy: `it is taken as /v1/traces; to put it right, ${ENDPOINT} and without a slash at its end`,
    taken: true,
  },
  path_doubled: {
    what: "sends to a path that is there twice, such as /v1/traces/v1/traces",
    remedy: `${ENDPOINT}; only OTEL_EXPORTER_OTLP_TRACES_ENDPOINT and ..._METRICS_ENDPOINT take the whole path`,
  },
  path_missing: {
    what: "sends OTLP to / or /v1",
    remedy:
      "an endpoint of one signal needs the whole path: set OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=http://HOST:PORT/v1/traces (metrics: ..._METRICS_ENDPOINT and /v1/metrics), or set OTEL_EXPORTER_OTLP_ENDPOINT without a path",
  },
  path_prefix: {
    what: "sends to /v1/traces or /v1/metrics below another path",
    remedy: `${ENDPOINT}; a proxy in front must remove the prefix`,
  },
  logs: {
    what: "sends logs",
    remedy: "the aggregator reads no logs: set OTEL_LOGS_EXPORTER=none, or send logs elsewhere",
  },
  profiles: {
    what: "sends profiles",
    remedy: "the aggregator reads no profiles: send them elsewhere",
  },
  grpc: { what: "sends OTLP/gRPC or other HTTP/2", remedy: COLLECTOR },
  h2c: {
    what: "offers to change to HTTP/2 (Upgrade: h2c)",
    remedy: `it is answered in HTTP/1.1, as it may be; if the client sends gRPC, ${COLLECTOR}`,
    taken: true,
  },
  tls: {
    what: "speaks TLS",
    remedy: "the aggregator speaks plain HTTP: use http:// in the endpoint, or put a proxy with TLS in front",
  },
  content_type: {
    what: "sends a body that is neither protobuf nor JSON",
    remedy:
      "send Content-Type application/x-protobuf or application/json: OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf",
  },
  wrong_format: {
    what: "sends JSON that it calls protobuf, or protobuf that it calls JSON",
    remedy: "let the Content-Type say what the body is: application/x-protobuf or application/json",
  },
  wrong_signal: {
    what: "sends one signal to the path of another",
    remedy: "send spans to /v1/traces and metrics to /v1/metrics",
  },
  too_large: {
    what: "sends requests that are larger than they may be, or hold more; a Collector drops what is refused for that",
    remedy:
      "the answer says which limit it is; send smaller batches (with an OpenTelemetry Collector: max_size of sending_queue's batch, or send_batch_max_size of the batch processor), or, if it is the size of the body, raise maxBodyBytes (SLIPSTREAM_MAX_BODY_BYTES)",
  },
  remote_write: {
    what: "sends Prometheus remote write",
    remedy:
      "the aggregator takes metrics as OTLP: let Prometheus scrape /metrics, or send the service's metrics with OTEL_EXPORTER_OTLP_ENDPOINT",
  },
  zipkin: {
    what: "sends spans in the format of Zipkin or Jaeger",
    remedy: "set OTEL_TRACES_EXPORTER=otlp, or send to an OpenTelemetry Collector that reads that format",
  },
  get: {
    what: "reads /v1/traces or /v1/metrics, which only take POST",
    remedy: "Prometheus scrapes /metrics, and /api/current has the statistics",
  },
};

/** What a request that leads nowhere was meant for; undefined if it has nothing to do with telemetry. */
export function kindOfLost(
  method: string,
  path: string,
  headers: IncomingHttpHeaders,
): MisdirectedName | undefined {
  const type = (headers["content-type"] ?? "").toLowerCase();
  if (type.startsWith("application/grpc") || /^\/opentelemetry\.proto\./.test(path)) return "grpc";
  const tidy = tidied(path);
  if (method === "GET" || method === "HEAD") return /^\/v1\/(traces|metrics)$/.test(tidy) ? "get" : undefined;
  if (method !== "POST" && method !== "PUT") return undefined;
  if (isRemoteWrite(headers) || /\/(api\/v1\/(write|push)|receive)$/.test(tidy)) return "remote_write";
  if (/\/v1\/logs$/.test(tidy)) return "logs";
  if (/\/v1\w*\/profiles$/.test(tidy)) return "profiles";
  if (/^\/(api\/v[12]\/spans|api\/traces|v0\.\d\/traces)$/.test(tidy)) return "zipkin";
  if (/\/v1(\/(traces|metrics))?\/v1\/(traces|metrics)$/.test(tidy)) return "path_doubled";
  if (/\/v1\/(traces|metrics)$/.test(tidy)) return "path_prefix";
  const isOtlp = type.startsWith("application/x-protobuf") || type.startsWith("application/json");
  return isOtlp && (tidy === "/" || tidy === "/v1") ? "path_missing" : undefined;
}

/** What is odd about a request for one of the paths that take telemetry. */
export function kindOfDelivery(path: string, headers: IncomingHttpHeaders): MisdirectedName | undefined {
  if (isRemoteWrite(headers)) return "remote_write";
  if (headers.upgrade !== undefined && /\bh2c\b/i.test(headers.upgrade)) return "h2c";
  return path === tidied(path) ? undefined : "path_slashes";
}

/** What is wrong with a delivery that was refused with this code. */
export function kindOfRefusal(code: string, headers: IncomingHttpHeaders): MisdirectedName | undefined {
  if (code === "wrong_format" || code === "wrong_signal" || code === "too_large") return code;
  if (code === "too_many") return "too_large";
  if (code !== "unsupported_media_type" || isRemoteWrite(headers)) return undefined;
  return (headers["content-type"] ?? "").toLowerCase().startsWith("application/grpc")
    ? "grpc"
    : "content_type";
}

/** What the first bytes of a connection are if they are not HTTP/1.1. */
export function kindOfBytes(bytes: Uint8Array | undefined): MisdirectedName | undefined {
  if (bytes === undefined) return undefined;
  // A TLS record of a handshake, version 3.x.
  if (bytes[0] === 0x16 && bytes[1] === 0x03) return "tls";
  return Buffer.from(bytes.subarray(0, 14)).toString("latin1") === "PRI * HTTP/2.0" ? "grpc" : undefined;
}

/** A path with single slashes, and none at its end. */
export function tidied(path: string): string {
  return path.replace(/\/{2,}/g, "/").replace(/(?<=.)\/$/, "");
}

function isRemoteWrite(headers: IncomingHttpHeaders): boolean {
  return headers["x-prometheus-remote-write-version"] !== undefined;
}

import { type Batch, decodeBatch, type OtlpFormat } from "@slipstream/otlp/decode";
import { HttpError } from "../server/http-error.ts";

/** Larger bodies are not read a second time to find out what they are. */
const MOST_BYTES = 64 * 1024;

const names: Readonly<Record<Batch["kind"], string>> = {
  traces: "resourceSpans",
  metrics: "resourceMetrics",
};
const paths: Readonly<Record<Batch["kind"], string>> = { traces: "/v1/traces", metrics: "/v1/metrics" };

/** The error for a body of the other format than its Content-Type says; undefined if it does not look like that. */
export function formatMistaken(body: Uint8Array, format: OtlpFormat): HttpError | undefined {
  const [first] = body;
  if (format === "protobuf" && first === 0x7b) return wrongFormat("protobuf", "JSON");
  // A message begins with field 1; so may a text, with a line feed.
  const isMessage = first === 0x0a && !/^\s*[{[]/.test(Buffer.from(body.subarray(0, 64)).toString("latin1"));
  return format === "json" && isMessage ? wrongFormat("JSON", "protobuf") : undefined;
}

/** The error for a body in which nothing could be read, because it holds another signal; undefined if it does not. */
export function signalMistaken(
  kind: Batch["kind"],
  body: Uint8Array,
  format: OtlpFormat,
): HttpError | undefined {
  const other = kind === "traces" ? "metrics" : "traces";
  if (format === "json") {
    const start = Buffer.from(body.subarray(0, 1024)).toString("latin1");
    if (start.includes('"resourceLogs"')) return wrongSignal("logs, which the aggregator does not read");
    return start.includes(`"${names[other]}"`)
      ? wrongSignal(`${other}: send it to ${paths[other]}`)
      : undefined;
  }
  if (body.length > MOST_BYTES) return undefined;
  try {
    const batch = decodeBatch(other, body, format);
    const items = batch.kind === "traces" ? batch.spans.length : batch.points.length;
    if (items === 0 || batch.refusals.length > 0) return undefined;
    return wrongSignal(`${other}: send it to ${paths[other]}`);
  } catch {
    return undefined;
  }
}

function wrongFormat(said: string, is: string): HttpError {
  return new HttpError(400, "wrong_format", `The Content-Type says ${said} and the body is ${is}.`, {
    field: "Content-Type",
  });
}

function wrongSignal(what: string): HttpError {
  return new HttpError(400, "wrong_signal", `The body holds ${what}.`);
}

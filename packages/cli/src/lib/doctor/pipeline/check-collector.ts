import type { Finding } from "../check.ts";
import { ask, isAnswer, plainUrl, statusText } from "./ask.ts";
import { absent, type PartState } from "./part.ts";

const name = "Collector";
/** Ports of a Collector that is configured as usual. Beside another OTLP port, those may be another Collector's. */
const OTLP_PORT = "4318";
const HEALTH_PORT = 13_133;
const METRICS_PORT = 8_888;

/** The base of an OTLP endpoint: exporters add the path, and people write it. */
export function otlpBase(url: string): string {
  return url.replace(/\/v1\/(?:traces|metrics)\/?$/, "").replace(/\/+$/, "");
}

/** Whether it takes OTLP over HTTP. It is sent an empty request, which changes nothing. */
export async function checkCollector(
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<PartState> {
  const address = plainUrl(url);
  const answer = await ask(url, "/v1/traces", {
    method: "POST",
    body: '{"resourceSpans":[]}',
    headers: { "content-type": "application/json", ...headers },
  });
  if (isAnswer(answer) && answer.status === 200) {
    const up: Finding = { check: name, outcome: "ok", text: `${address} takes OTLP over HTTP` };
    return { up: true, findings: [up, ...(await checkHealth(url)), ...(await checkQueues(url))] };
  }
  const bad = (text: string, remedy: string): PartState => ({
    up: false,
    findings: [{ check: name, outcome: "bad", text, remedy }],
  });
  if (!isAnswer(answer)) {
    if (answer.isOtherProtocol) {
      const remedy = "this is probably its gRPC port (4317): name the one for HTTP (4318)";
      return bad(`${address} does not speak HTTP (${answer.reason})`, remedy);
    }
    return absent({ name, url, flag: "--collector" }, answer);
  }
  const { status } = answer;
  if (status === 401 || status === 403) {
    return bad(
      `${address} does not take requests without its token (${status})`,
      "set OTEL_EXPORTER_OTLP_HEADERS=authorization=Bearer%20TOKEN",
    );
  }
  if (status === 404 || status === 405 || status === 415) {
    return bad(
      `${address} ${statusText(answer)}: it takes no OTLP`,
      "name the base URL of its OTLP/HTTP receiver",
    );
  }
  return bad(
    `${address} ${statusText(answer)}`,
    status === 429 || status >= 500
      ? "it is overloaded, or a part behind it refuses data: look at its log and its memory_limiter"
      : "look at its log",
  );
}

/** What its health check says, if it has one on the usual port. */
async function checkHealth(url: string): Promise<readonly Finding[]> {
  if (new URL(url).port !== OTLP_PORT) return [];
  const answer = await ask(withPort(url, HEALTH_PORT), "/", { timeoutMs: 1_000 });
  if (!isAnswer(answer) || answer.status !== 503) return [];
  const text = `its health check (port ${HEALTH_PORT}) says that it is not ready`;
  return [{ check: name, outcome: "bad", text, remedy: "look at its log" }];
}

/** Queues that do not empty, if its own metrics are on the usual port. */
async function checkQueues(url: string): Promise<readonly Finding[]> {
  return (await failingExporters(url)).map((text) => ({
    check: name,
    outcome: "warn",
    text,
    remedy: "look at its log for the name of this exporter, and at what it sends to",
  }));
}

/** What its own metrics say of exporters that deliver nothing; empty if they cannot be had. */
export async function failingExporters(url: string): Promise<readonly string[]> {
  if (new URL(url).port !== OTLP_PORT) return [];
  const answer = await ask(withPort(url, METRICS_PORT), "/metrics", {
    headers: { accept: "text/plain" },
    timeoutMs: 1_000,
  });
  if (!isAnswer(answer) || answer.status !== 200) return [];
  const failed = exporterSums(answer.text, /^otelcol_exporter_(?:send|enqueue)_failed_\w+/);
  const queued = exporterSums(answer.text, /^otelcol_exporter_queue_size/);
  return [
    ...Array.from(failed, ([exporter, count]) => `its exporter ${exporter} has dropped ${count} items`),
    ...Array.from(
      queued,
      ([exporter, count]) => `${count} items wait in the queue of its exporter ${exporter}`,
    ),
  ];
}

/** Sums by exporter of the samples whose names match; without those that are 0. */
function exporterSums(text: string, family: RegExp): ReadonlyMap<string, number> {
  const sums: Map<string, number> = new Map();
  for (const line of text.split("\n")) {
    const exporter = family.test(line) ? /[{,]exporter="([^"]*)"/.exec(line)?.[1] : undefined;
    const value = Number(line.slice(line.lastIndexOf(" ") + 1));
    if (exporter !== undefined && value > 0) sums.set(exporter, (sums.get(exporter) ?? 0) + value);
  }
  return sums;
}

function withPort(given: string, port: number): string {
  const url = new URL(given);
  return `http://${url.hostname}:${port}`;
}

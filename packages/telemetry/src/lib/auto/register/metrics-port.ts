import {
  encodeOpenMetrics,
  encodePrometheus,
  type MetricFamily,
  negotiate,
  openMetricsContentType,
  prometheusContentType,
} from "@slipstream/exposition";
import type { InstrumentSet } from "../../instruments/instrument-set.ts";
import type { MetricSnapshot } from "../../instruments/snapshot.ts";
import { http } from "../../node-http.ts";
import type { AutoParts } from "../auto-parts.ts";

const VARIABLE = "SLIPSTREAM_METRICS_PORT";
const HOST = "127.0.0.1";

/**
 * Serves the service's own metrics on loopback if SLIPSTREAM_METRICS_PORT names a port. It keeps no process alive, and a port that is in use
 * costs one line.
 */
export function serveMetrics({ env, say, telemetry }: AutoParts, instruments: InstrumentSet): void {
  const given = env[VARIABLE]?.trim() ?? "";
  if (given === "") return;
  const port = Number(given);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    say(`${VARIABLE} is ignored: it must be a port, but is "${given}"`);
    return;
  }
  const server = http.createServer((request, response) => {
    const { method, url = "", headers } = request;
    const [path] = url.split("?");
    if (path !== "/metrics" || !isOwnHost(headers.host)) {
      response.writeHead(404, { "content-type": "text/plain" }).end("Metrics are at /metrics.\n");
    } else if (method !== "GET" && method !== "HEAD") {
      response.writeHead(405, { allow: "GET, HEAD" }).end();
    } else {
      const openMetrics = negotiate(headers.accept) === "openmetrics";
      const families = familiesOf(instruments.collect());
      const body = openMetrics ? encodeOpenMetrics(families) : encodePrometheus(families);
      response.writeHead(200, {
        "content-type": openMetrics ? openMetricsContentType : prometheusContentType,
        "content-length": body.length,
        "cache-control": "no-store",
        vary: "Accept",
      });
      response.end(method === "HEAD" ? undefined : body);
    }
  });
  server.on("error", (error: NodeJS.ErrnoException) => {
    const why = error.code === "EADDRINUSE" ? "the port is in use" : error.message;
    say(
      `Metrics of ${telemetry.resource["service.name"]} are not served on port ${port}: ${why} (${VARIABLE})`,
    );
  });
  server.on("connection", (socket) => socket.unref());
  server.listen(port, HOST).unref();
}

/** A page in a browser that has made its own name point to this machine is not answered. */
function isOwnHost(host: string | undefined): boolean {
  return host === undefined || /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/i.test(host);
}

function familiesOf(snapshots: readonly MetricSnapshot[]): readonly MetricFamily[] {
  return snapshots.map(
    (snapshot): MetricFamily =>
      snapshot.kind === "histogram"
        ? { definition: snapshot.definition, histograms: snapshot.points }
        : { definition: snapshot.definition, samples: snapshot.points },
  );
}

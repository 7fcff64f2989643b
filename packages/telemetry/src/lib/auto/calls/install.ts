import type { VenueHosts } from "@slipstream/venues";
import type { AutoParts } from "../auto-parts.ts";
import { followTransports } from "../transport/install.ts";
import { RequestObserver } from "./request-observer.ts";

/** Spans and latencies of what the service sends over HTTP. */
export function installRequests({ telemetry, tracer, packages, env, say, guard, atEnd }: AutoParts): void {
  const { instruments } = telemetry;
  const onError = guard("A trade", (error: unknown) => {
    throw error;
  });
  const observer = new RequestObserver({ tracer, instruments, onError }, venueHosts(env));
  const transports = followTransports(observer, say);
  packages.on("ws", "lib/websocket.js", (exports) => transports.followWs(exports));
  atEnd(
    guard("What was open at the end", () => {
      transports.settle();
      observer.settle();
    }),
  );
}

/** Hosts of stand-ins and proxies, as the aggregator takes them. */
function venueHosts(env: AutoParts["env"]): VenueHosts {
  const list = (name: string): string[] =>
    (env[name] ?? "")
      .split(",")
      .map((host) => host.trim())
      .filter(Boolean);
  return { jupiter: list("SLIPSTREAM_JUPITER_HOSTS"), jito: list("SLIPSTREAM_JITO_HOSTS") };
}

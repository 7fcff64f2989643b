import type { Log } from "../log/log.ts";
import { respondJson } from "../server/respond.ts";
import type { Route } from "../server/routes.ts";
import type { Sink, SinkStatus } from "../sinks/sink.ts";

/** The answer of `/readyz`. */
export interface Readiness {
  /** Whether intake takes what it is sent. A remote sink that is down does not make the aggregator unready. */
  readonly ready: boolean;
  /** Why it takes nothing, where that is not the log's fault. */
  readonly reason?: string;
  readonly log: { readonly ok: boolean; readonly position: number; readonly reason?: string };
  readonly sinks: Readonly<Record<string, SinkStatus>>;
  /** OTLP requests by outcome, since the process began. */
  readonly requests: Readonly<Record<string, number>>;
}

/** `GET /healthz` (the process answers) and `GET /readyz` (it takes data); neither asks for the token. */
export function healthRoutes(parts: {
  readonly log: Log;
  readonly sinks: readonly Sink[];
  /** Why nothing may be taken in at present, although the log would take it; undefined where it may. */
  readonly heldBack: () => string | undefined;
  readonly requests: () => Readonly<Record<string, number>>;
}): readonly Route[] {
  const readiness = (): Readiness => {
    const { fault, position } = parts.log;
    const reason = parts.heldBack();
    return {
      ready: fault === undefined && reason === undefined,
      ...(reason === undefined ? {} : { reason }),
      log: { ok: fault === undefined, position, ...(fault === undefined ? {} : { reason: fault }) },
      sinks: Object.fromEntries(parts.sinks.map((sink) => [sink.name, sink.status()])),
      requests: parts.requests(),
    };
  };
  return [
    {
      method: "GET",
      path: "/healthz",
      handler: (request, response) => respondJson(request, response, 200, { status: "ok" }),
    },
    {
      method: "GET",
      path: "/readyz",
      handler: (request, response) => {
        const answer = readiness();
        respondJson(request, response, answer.ready ? 200 : 503, answer);
      },
    },
  ];
}

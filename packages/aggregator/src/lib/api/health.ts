import { printPosition } from "../log/position.ts";
import { json } from "../server/answer.ts";
import { type Route, route } from "../server/route.ts";
import type { SinkStatus } from "../sinks/sink.ts";
import type { ApiContext } from "./context.ts";

/** The answer of `/readyz`. */
export interface Readiness {
  /** Whether intake takes data. A remote sink that is down does not make the aggregator unready. */
  readonly ready: boolean;
  /** Why it takes none, if the log is not the cause. */
  readonly reason?: string;
  readonly log: { readonly ok: boolean; readonly position: number; readonly reason?: string };
  readonly sinks: Readonly<Record<string, SinkStatus>>;
  /** OTLP requests by outcome, since the process started. */
  readonly requests: Readonly<Record<string, number>>;
}

/** `GET /healthz` */
export const healthRoute: Route<unknown> = route({
  method: "GET",
  path: "/healthz",
  about: 'Answers 200 and `{status: "ok"}` while the process runs.',
  public: true,
  handler: () => json({ status: "ok" }),
});

/** `GET /readyz` */
export const readinessRoute: Route<Pick<ApiContext, "log" | "sinks" | "heldBack" | "intake">> = route({
  method: "GET",
  path: "/readyz",
  about:
    "Answers 200 if the aggregator takes data, and 503 if it does not: `{ready, reason?, log: {ok, position, reason?}, sinks: {NAME: {up, ...}}, requests: {OUTCOME: COUNT}}`. A remote sink that is down does not make it unready.",
  public: true,
  handler: (_, context) => {
    const answer = readiness(context);
    return json(answer, { status: answer.ready ? 200 : 503 });
  },
});

function readiness({
  log,
  sinks,
  heldBack,
  intake,
}: Pick<ApiContext, "log" | "sinks" | "heldBack" | "intake">): Readiness {
  const { fault, position } = log;
  const reason = heldBack();
  return {
    ready: fault === undefined && reason === undefined,
    ...(reason === undefined ? {} : { reason }),
    log: {
      ok: fault === undefined,
      position: Number(printPosition(position)),
      ...(fault === undefined ? {} : { reason: fault }),
    },
    sinks: Object.fromEntries(sinks.map((sink) => [sink.name, sink.status()])),
    requests: intake.counts(),
  };
}

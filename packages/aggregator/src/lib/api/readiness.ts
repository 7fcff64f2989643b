import type { ServiceTrouble } from "@slipstream/engine";
import type { ChannelStatus } from "../alerts/deliver/channel-delivery.ts";
import { printPosition } from "../log/position.ts";
import { TOLD_MS } from "../receipt-clock/receipt-clock.ts";
import type { ConnectionsStatus } from "../server/connections/connections.ts";
import type { MisdirectedStatus } from "../server/misdirected/misdirected.ts";
import type { SinkStatus } from "../sinks/sink.ts";
import type { ApiContext } from "./context.ts";

/** The answer of `/readyz`. */
export interface Readiness {
  /** Whether intake takes data. A remote sink that is down does not make the aggregator unready. */
  readonly ready: boolean;
  /** Why it takes none, if the log is not the cause. */
  readonly reason?: string;
  /** Id of the data folder, as in its file `instance`. */
  readonly instance?: string;
  readonly log: { readonly ok: boolean; readonly position: number; readonly reason?: string };
  readonly sinks: Readonly<Record<string, SinkStatus>>;
  /** Where notifications are sent to. One that takes none does not make the aggregator unready. */
  readonly channels: Readonly<Record<string, ChannelStatus>>;
  /** Desks beside the own one, and what came of desks that have no statistics; absent if there is neither. */
  readonly desks?: {
    readonly others: number;
    readonly leftOut: { readonly spans: number; readonly points: number };
  };
  /** OTLP requests by outcome, since the process started. */
  readonly requests: Readonly<Record<string, number>>;
  readonly connections: ConnectionsStatus;
  /** What clients send to the wrong place, since the process started. */
  readonly misdirected: readonly MisdirectedStatus[];
  /** Absent while the machine's clock is followed. */
  readonly clock?: { readonly receiptAheadSeconds: number };
  /** What is wrong with what services send, by name; absent if nothing is. */
  readonly services?: Readonly<Record<string, ServiceTrouble>>;
}

export type ReadinessContext = Pick<
  ApiContext,
  | "log"
  | "sinks"
  | "channels"
  | "heldBack"
  | "intake"
  | "desks"
  | "instance"
  | "http"
  | "troubles"
  | "aheadMs"
>;

export function readiness({
  log,
  sinks,
  channels,
  heldBack,
  intake,
  instance,
  desks,
  http,
  troubles,
  aheadMs,
}: ReadinessContext): Readiness {
  const { fault, position } = log;
  const reason = heldBack();
  const services = troubles();
  const { desks: all, leftOut } = desks.list();
  const { spans, points } = leftOut;
  const others = all.length - 1;
  return {
    ready: fault === undefined && reason === undefined,
    ...(reason === undefined ? {} : { reason }),
    ...(instance === undefined ? {} : { instance }),
    log: {
      ok: fault === undefined,
      position: Number(printPosition(position)),
      ...(fault === undefined ? {} : { reason: fault }),
    },
    sinks: Object.fromEntries(sinks.map((sink) => [sink.name, sink.status()])),
    channels: channels(),
    ...(others + spans + points > 0 && { desks: { others, leftOut: { spans, points } } }),
    requests: intake.counts(),
    connections: http.connections(),
    misdirected: http.misdirected.status(),
    ...clockOf(aheadMs()),
    ...(Object.keys(services).length === 0 ? {} : { services }),
  };
}

function clockOf(aheadMs: number): Pick<Readiness, "clock"> {
  if (Math.abs(aheadMs) <= TOLD_MS) return {};
  return { clock: { receiptAheadSeconds: Math.round(aheadMs / 100) / 10 } };
}

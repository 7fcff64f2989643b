import { quantity } from "@slipstream/conventions";
import type { Summary } from "@slipstream/simulator";
import { fixed, whole } from "../view/format.ts";

/** What others need to know of a simulated desk. */
export interface Ready {
  readonly service: string;
  /** `service.instance.id`. */
  readonly run: string;
  readonly receiver: string;
  readonly rpcUrl: string;
  readonly jupiterUrl: string;
}

/** Printed when it trades. Programs may wait for the beginning of the first line. */
export function readyText({ service, run, receiver, rpcUrl, jupiterUrl }: Ready): string {
  return [
    `Slipstream simulator ready: ${service} (${run}) trades`,
    `  it sends to                 ${receiver}`,
    `  an aggregator reads with    SLIPSTREAM_RPC_URL=${rpcUrl}`,
    `  Jupiter                     ${jupiterUrl}`,
    "Ctrl-C ends it.",
  ].join("\n");
}

/** Spans that were not delivered. */
export function lostSpans({ telemetry }: Summary): number {
  return telemetry.droppedSpans + telemetry.rejectedSpans + telemetry.queuedSpans;
}

/** The last line. */
export function endedText(summary: Summary): string {
  const { seconds, trades, success, failed, spans, telemetry } = summary;
  const { exportedSpans, droppedSpans, rejectedSpans } = telemetry;
  return (
    `Ended after ${fixed(seconds, 1)} s: ${quantity(trades, "trade")} (${whole(success)} ok, ${whole(failed)} failed). ` +
    `${quantity(spans, "span")}: ${whole(exportedSpans)} delivered, ${whole(droppedSpans)} dropped, ${whole(rejectedSpans)} refused.`
  );
}

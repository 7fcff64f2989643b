import { serviceMetrics } from "@slipstream/conventions";
import { DESK_OF_SERVICES } from "./desk.ts";
import { quoted, selector } from "./promql.ts";
import type { RecordingRule } from "./rule-file.ts";

const SEEN = "slipstream:process_seen:timestamp_seconds";
const UP = serviceMetrics.processUp.name;

/** When Prometheus last got something from a process: without it, it would be forgotten after five minutes. */
export function seenRecord(aggregatorJob: string): RecordingRule {
  const up = selector({ metric: UP }, [`job!=${quoted(aggregatorJob)}`]);
  return { record: SEEN, expr: `max by (${DESK_OF_SERVICES}, job, instance) (timestamp(${up}))` };
}

/**
 * For how long nothing has come from a service. Processes that said that they end are not waited for, nor those of which nothing
 * came in the last minute of their service: others have taken their place. After a day it is forgotten.
 */
export function silenceOf(matchers: readonly string[]): string {
  const seen = `last_over_time(${selector({ metric: SEEN }, matchers)}[1d])`;
  const up = `last_over_time(${selector({ metric: UP }, matchers)}[1d])`;
  return `time() - max by (${DESK_OF_SERVICES}, job) (
  ${seen}
  and on (${DESK_OF_SERVICES}, job, instance)
  ${up} == 1
  and on (${DESK_OF_SERVICES}, job, instance)
  ${seen} > on (${DESK_OF_SERVICES}, job) group_left ()
  (max by (${DESK_OF_SERVICES}, job) (${seen}) - 60)
)`;
}

import { questDbTarget } from "@slipstream/aggregator";
import type { CanaryPart } from "@slipstream/conventions";
import type { AggregatorClient } from "../../client/aggregator-client.ts";
import type { SinkAnswer } from "../../client/readiness-schema.ts";
import type { ResolvedConfig } from "../../config/components.ts";
import type { Finding } from "../check.ts";
import { failingExporters, otlpBase } from "../pipeline/check-collector.ts";
import { collectorHeaders, isSame, type PipelineState } from "../pipeline/check-pipeline.ts";
import type { CanaryReport } from "./otlp.ts";
import { reportBody } from "./otlp.ts";
import { inAggregator, inPrometheus, inQuestDb, inRedis, inTraceStore, OLDER, type Place } from "./places.ts";
import { type CanaryRun, type Passage, type RunOptions, runCanary } from "./run-canary.ts";
import { sendOtlp, type Target } from "./send.ts";

const check = "Canary";

export interface CanaryOptions extends Pick<RunOptions, "waitMs" | "signal" | "onProgress"> {
  /** Report also what did not come, so that an alert fires. */
  readonly reportLost: boolean;
}

/** What is known before it is sent. */
export interface CanarySetting {
  readonly config: ResolvedConfig;
  readonly client: AggregatorClient;
  /** Whether the aggregator answers. */
  readonly running: boolean;
  /** The sinks of the aggregator; undefined if it does not say. */
  readonly sinks: Readonly<Record<string, SinkAnswer>> | undefined;
  readonly pipeline: Pick<PipelineState, "found">;
}

/** Sends a canary, reports what came of it through the pipeline, and says what to do about what did not. */
export async function checkCanary(
  setting: CanarySetting,
  options: CanaryOptions,
): Promise<readonly Finding[]> {
  const target = targetOf(setting);
  if (target === undefined) {
    return [{ check, outcome: "ok", text: "not sent: neither a Collector nor the aggregator answers" }];
  }
  const { places, left } = placesOf(setting, target);
  const run = await runCanary({ ...options, target, places });
  if (run.refused !== undefined) return [{ check, outcome: "bad", ...run.refused, part: "endpoint" }];
  const unreported = await sendOtlp(
    target,
    "/v1/metrics",
    reportBody(reportsOf(run), Date.now(), options.reportLost),
  );
  const collector = target.isAggregator ? undefined : target.url;
  const lost = run.passages.some(({ place: { part }, seconds }) => part === "aggregator" && seconds === null);
  const queues = lost && collector !== undefined ? await failingExporters(collector) : [];
  return [
    {
      check,
      outcome: "ok",
      text: `sent to ${target.url}${isPastCollector(setting, target) ? ", past the Collector" : ""}, trace ${run.traceId}`,
      part: "endpoint",
      seconds: run.sentSeconds ?? 0,
    },
    ...run.passages.map((passage) => findingOf(passage, queues)),
    ...left,
    ...(unreported === undefined
      ? []
      : [
          {
            check,
            outcome: "warn" as const,
            text: `its times were not taken: ${unreported.text}`,
            remedy: unreported.remedy,
          },
        ]),
  ];
}

/** To where trading services send: the Collector, if there is one. */
function targetOf({ config, client, running, pipeline }: CanarySetting): Target | undefined {
  const { collector } = pipeline.found;
  if (collector !== undefined) {
    return { url: otlpBase(collector), headers: collectorHeaders(), isAggregator: false };
  }
  if (!running) return undefined;
  const headers = config.token === undefined ? {} : { authorization: `Bearer ${config.token}` };
  return { url: client.endpoint, headers: { ...headers }, isAggregator: true };
}

/** A Collector was named, and does not take it. */
function isPastCollector(
  { config: { collectorUrl }, client }: CanarySetting,
  { isAggregator }: Target,
): boolean {
  return isAggregator && collectorUrl !== undefined && !isSame(otlpBase(collectorUrl), client.endpoint);
}

/** Where to look for it, and why it is not looked for elsewhere. */
function placesOf(
  { config, client, running, sinks = {}, pipeline: { found } }: CanarySetting,
  target: Target,
): { readonly places: readonly Place[]; readonly left: readonly Finding[] } {
  const places: Place[] = [];
  const left: Finding[] = [];
  const leave = (text: string, remedy?: string): void => {
    left.push({
      check,
      outcome: remedy === undefined ? "ok" : "warn",
      text,
      ...(remedy !== undefined && { remedy }),
    });
  };
  if (running) {
    const remedy = target.isAggregator
      ? "look at its log"
      : "the Collector has taken it: its exporter to the aggregator needs the address http://HOST:9480 and the aggregator's token, " +
        "and must come before its sampling. Its log says what fails";
    places.push(inAggregator(client, remedy));
  }
  const { redis, redisPrefix = "" } = config;
  const questdb = questDbTarget(config);
  if (redis !== undefined && running) {
    if (sinks.redis === undefined)
      leave("not looked for in Redis: the aggregator writes to none", "start it with --redis too");
    else places.push(inRedis(redis, redisPrefix));
  }
  if (questdb !== undefined && running) {
    if (sinks.questdb === undefined)
      leave("not looked for in QuestDB: the aggregator writes to none", "start it with --questdb too");
    else places.push(inQuestDb(questdb));
  }
  if (found.prometheus !== undefined && running) places.push(inPrometheus(found.prometheus));
  if (found.traces !== undefined) {
    if (target.isAggregator)
      leave("not looked for in the trace store: it was sent to the aggregator, past the Collector");
    else places.push(inTraceStore(found.traces));
  }
  return { places, left };
}

function findingOf(
  { place, seconds, waitedSeconds, why, blocked }: Passage,
  queues: readonly string[],
): Finding {
  const { part, name, remedy } = place;
  if (seconds !== null) {
    return { check, outcome: "ok", text: `came to ${name} within ${secondsText(seconds)}`, part, seconds };
  }
  if (why === OLDER) {
    return {
      check,
      outcome: "warn",
      text: `not found in ${name}: ${why}`,
      part,
      remedy: "upgrade the aggregator",
    };
  }
  if (blocked) {
    return {
      check,
      outcome: "warn",
      text: `not looked for in ${name} any longer: it is not in the aggregator`,
      part,
    };
  }
  const because = [why, ...queues].filter((one) => one !== undefined).join("; ");
  return {
    check,
    outcome: "bad",
    text: `did not come to ${name} within ${secondsText(waitedSeconds)}${because === "" ? "" : `: ${because}`}`,
    part,
    remedy,
  };
}

function reportsOf({ sentSeconds, passages }: CanaryRun): readonly CanaryReport[] {
  const known = passages.filter(({ blocked, why }) => blocked !== true && why !== OLDER);
  return [
    ...(sentSeconds === null ? [] : [{ part: "endpoint" as CanaryPart, seconds: sentSeconds }]),
    ...known.map(({ place: { part }, seconds }) => ({ part, seconds })),
  ];
}

/** Never less than it was. */
function secondsText(seconds: number): string {
  return seconds < 10 ? `${(Math.ceil(seconds * 100) / 100).toFixed(2)} s` : `${Math.ceil(seconds)} s`;
}

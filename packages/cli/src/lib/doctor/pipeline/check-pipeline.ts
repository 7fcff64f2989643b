import { otlpHeaders } from "@slipstream/conventions";
import type { ResolvedConfig } from "../../config/components.ts";
import type { Finding } from "../check.ts";
import { checkCollector, otlpBase } from "./check-collector.ts";
import { checkAlertmanager, checkGrafana, checkTraceStore } from "./check-others.ts";
import { checkPrometheus } from "./check-prometheus.ts";
import type { PartState } from "./part.ts";

type PartKey = "collector" | "prometheus" | "alertmanager" | "traces" | "grafana";

/** Where the parts listen if nobody says otherwise. */
const usual: Readonly<Record<PartKey, readonly string[]>> = {
  collector: ["http://127.0.0.1:4318"],
  prometheus: ["http://127.0.0.1:9090"],
  alertmanager: ["http://127.0.0.1:9093"],
  traces: ["http://127.0.0.1:16686", "http://127.0.0.1:3200"],
  grafana: ["http://127.0.0.1:3000"],
};

const names: Readonly<Record<PartKey, string>> = {
  collector: "Collector",
  prometheus: "Prometheus",
  alertmanager: "Alertmanager",
  traces: "trace store",
  grafana: "Grafana",
};

const checks: Readonly<Record<PartKey, (url: string) => Promise<PartState>>> = {
  collector: (url) => checkCollector(url, collectorHeaders()),
  prometheus: checkPrometheus,
  alertmanager: checkAlertmanager,
  traces: checkTraceStore,
  grafana: checkGrafana,
};

/** What OpenTelemetry's variable says that every request needs. */
export function collectorHeaders(): Readonly<Record<string, string>> {
  return otlpHeaders(process.env.OTEL_EXPORTER_OTLP_HEADERS);
}

/** The parts that were named or found. */
export interface PipelineState {
  /** Those that answer: their addresses. */
  readonly found: Readonly<Partial<Record<PartKey, string>>>;
  readonly findings: readonly Finding[];
  readonly clocks: NonNullable<PartState["clocks"]>;
}

/**
 * Checks the parts of the pipeline that the configuration names.
 *
 * @param aggregator address of the aggregator, which may be named as the place to send to
 * @param find look for the others on the usual ports of this machine
 */
export async function checkPipeline(
  config: Pick<ResolvedConfig, `${PartKey}Url`>,
  aggregator: string,
  find: boolean,
): Promise<PipelineState> {
  const keys = Object.keys(usual) as PartKey[];
  const looked = await Promise.all(
    keys.map(async (key) => [key, await look(key, config[`${key}Url`], aggregator, find)] as const),
  );
  const found = looked.flatMap(([key, part]) => (part?.state.up === true ? [[key, part.url] as const] : []));
  const states = looked.flatMap(([, part]) => (part === undefined ? [] : [part.state]));
  const missing = looked.flatMap(([key, part]) => (part === undefined ? [names[key]] : []));
  return {
    found: Object.fromEntries(found),
    findings: [...states.flatMap(({ findings }) => findings), ...missingFinding(missing, find)],
    clocks: states.flatMap(({ clocks = [] }) => clocks),
  };
}

interface Looked {
  readonly url: string;
  readonly state: PartState;
}

/** undefined: it was not named, and none was found. */
async function look(
  key: PartKey,
  named: string | undefined,
  aggregator: string,
  find: boolean,
): Promise<Looked | undefined> {
  if (named !== undefined) {
    const url = key === "collector" ? otlpBase(named) : named;
    // Services may send to the aggregator itself, which has checks of its own.
    if (key === "collector" && isSame(url, aggregator)) return { url, state: { up: false, findings: [] } };
    return { url, state: await checks[key](url) };
  }
  if (!find) return undefined;
  for (const url of usual[key]) {
    const state = await checks[key](url);
    if (state.up) return { url, state };
  }
  return undefined;
}

/** Whether two addresses lead to one port of this machine, or are the same. */
export function isSame(a: string, b: string): boolean {
  const plain = (given: string): string => {
    const { protocol, hostname, port } = new URL(given);
    return `${protocol}//${/^(?:localhost|127\.0\.0\.1|\[::1\])$/.test(hostname) ? "this machine" : hostname}:${port}`;
  };
  return plain(a) === plain(b);
}

function missingFinding(missing: readonly string[], find: boolean): readonly Finding[] {
  if (missing.length === 0) return [];
  const text = find
    ? `not found on the usual ports of this machine: ${missing.join(", ")}`
    : `not named, so not checked: ${missing.join(", ")}; --find looks on the usual ports of this machine`;
  return [{ check: "Pipeline", outcome: "ok", text }];
}

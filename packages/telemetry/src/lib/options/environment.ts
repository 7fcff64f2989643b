import { withoutEffect } from "@slipstream/conventions";
import type { Signal } from "../export/http-sender.ts";

/**
 * Settings from the standard OpenTelemetry variables. Invalid values are reported and ignored, as the
 * specification requires.
 */
export interface EnvironmentSettings {
  readonly endpoint?: string;
  /** Nothing is to be recorded globally, and nothing sent. */
  readonly disabled: boolean;
  /** Whether spans and metrics are sent. */
  readonly sendsTraces: boolean;
  readonly sendsMetrics: boolean;
  readonly token?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly compression?: "gzip" | "none";
  readonly metricIntervalMs?: number;
  readonly requestTimeoutMs?: number;
  /** What holds for one signal only. */
  readonly signals: Readonly<Record<Signal, SignalEnvironment>>;
  readonly resourceAttributes: Readonly<Record<string, string>>;
  /** One line for each variable that was ignored, or that has no effect here. */
  readonly problems: readonly string[];
}

export interface SignalEnvironment {
  /** The URL as it is. */
  readonly endpoint?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly compression?: "gzip" | "none";
  readonly requestTimeoutMs?: number;
}

/** Source: https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/ */
export function readEnvironment(env: Readonly<Record<string, string | undefined>>): EnvironmentSettings {
  const problems: string[] = [...withoutEffect(env)];
  const given = (name: string) => env[name]?.trim() || undefined;

  function milliseconds(name: string): number | undefined {
    const text = given(name);
    if (text === undefined) return undefined;
    const value = Number(text);
    if (Number.isSafeInteger(value) && value > 0) return value;
    problems.push(`${name} is ignored: it must be a positive number of milliseconds, but is "${text}"`);
    return undefined;
  }

  function pairs(name: string): Record<string, string> {
    const list: Record<string, string> = {};
    for (const entry of given(name)?.split(",") ?? []) {
      if (entry.trim() === "") continue;
      const pair = keyAndValue(entry);
      if (pair) list[pair[0]] = pair[1];
      // The entry itself may be a secret, so it is not shown.
      else problems.push(`An entry of ${name} is ignored: it must be key=value, percent-encoded`);
    }
    return list;
  }

  function endpoint(name: string): string | undefined {
    const text = given(name);
    if (text === undefined || isHttpUrl(text)) return text;
    problems.push(`${name} is ignored: it must be an http:// or https:// URL`);
    return undefined;
  }

  function isTrue(name: string): boolean {
    const text = given(name)?.toLowerCase();
    if (text !== undefined && text !== "true" && text !== "false")
      problems.push(`${name} is taken for false: it must be true or false`);
    return text === "true";
  }

  function sends(name: string): boolean {
    const text = given(name)?.toLowerCase();
    if (text !== undefined && text !== "none" && !text.split(",").some((part) => part.trim() === "otlp"))
      problems.push(`${name} is ignored: it must be otlp or none`);
    return text !== "none";
  }

  function compression(name: string): "gzip" | "none" | undefined {
    const text = given(name);
    if (text === undefined || text === "gzip" || text === "none") return text;
    problems.push(`${name} is ignored: it must be gzip or none, but is "${text}"`);
    return undefined;
  }

  function signal(name: string): SignalEnvironment {
    return defined({
      endpoint: endpoint(`OTEL_EXPORTER_OTLP_${name}_ENDPOINT`),
      headers: pairs(`OTEL_EXPORTER_OTLP_${name}_HEADERS`),
      compression: compression(`OTEL_EXPORTER_OTLP_${name}_COMPRESSION`),
      requestTimeoutMs: milliseconds(`OTEL_EXPORTER_OTLP_${name}_TIMEOUT`),
    });
  }

  return defined({
    endpoint: endpoint("OTEL_EXPORTER_OTLP_ENDPOINT"),
    disabled: isTrue("OTEL_SDK_DISABLED"),
    sendsTraces: sends("OTEL_TRACES_EXPORTER"),
    sendsMetrics: sends("OTEL_METRICS_EXPORTER"),
    token: given("SLIPSTREAM_TOKEN"),
    headers: pairs("OTEL_EXPORTER_OTLP_HEADERS"),
    compression: compression("OTEL_EXPORTER_OTLP_COMPRESSION"),
    metricIntervalMs: milliseconds("OTEL_METRIC_EXPORT_INTERVAL"),
    requestTimeoutMs: milliseconds("OTEL_EXPORTER_OTLP_TIMEOUT"),
    signals: { traces: signal("TRACES"), metrics: signal("METRICS") },
    resourceAttributes: pairs("OTEL_RESOURCE_ATTRIBUTES"),
    problems,
  });
}

export function isHttpUrl(text: string): boolean {
  return /^https?:\/\//i.test(text) && URL.canParse(text);
}

function keyAndValue(entry: string): [key: string, value: string] | undefined {
  const at = entry.indexOf("=");
  if (at < 1) return undefined;
  try {
    const key = decodeURIComponent(entry.slice(0, at).trim());
    return key === "" ? undefined : [key, decodeURIComponent(entry.slice(at + 1).trim())];
  } catch {
    return undefined;
  }
}

type Defined<T> = { [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined> } & {
  [K in keyof T as undefined extends T[K] ? never : K]: T[K];
};

function defined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as Defined<T>;
}

import { randomUUID } from "node:crypto";
import { semconv } from "@slipstream/conventions";
import { type RequestSettings, type Signal, signalUrl } from "../export/http-sender.ts";
import { http } from "../node-http.ts";
import { writeLine } from "../write-line.ts";
import { type EnvironmentSettings, isHttpUrl, readEnvironment } from "./environment.ts";
import { optionError } from "./option-error.ts";
import type { Settings, TelemetryOptions } from "./options.ts";
import { unknownOptions } from "./unknown-options.ts";

const DEFAULT_ENDPOINT = "http://localhost:4318";
const MIB = 2 ** 20;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * Options, then environment, then defaults.
 *
 * @throws SlipstreamError (`invalid_option`) if an option is invalid. An option that does not exist and an invalid environment
 * variable are reported once to `onError`, and ignored.
 */
export function settingsOf(
  options: TelemetryOptions,
  env: Readonly<Record<string, string | undefined>>,
): Settings {
  if (typeof options !== "object" || options === null) throw optionError("options", "an object", options);
  const ownOnError = optional(options, "onError", isFunction, "a function");
  const ownOnRecovery = optional(options, "onRecovery", isFunction, "a function");
  const silent = optional(options, "silent", isBoolean, "true or false") ?? false;
  const onError = guarded(ownOnError ?? (silent ? undefined : writeLine));
  const onRecovery = guarded(ownOnRecovery ?? (silent || ownOnError !== undefined ? undefined : writeLine));
  // Before anything is refused: what is missing may be there under a mistyped key.
  for (const problem of unknownOptions(options)) onError(problem);
  const fromEnv = readEnvironment(env);
  const latency: NonNullable<TelemetryOptions["latency"]> =
    optional(options, "latency", isObject, "an object") ?? {};
  const traces = requestSettingsOf(options, fromEnv, "traces");
  const metrics = requestSettingsOf(options, fromEnv, "metrics");
  const sendsTraces = fromEnv.sendsTraces && !fromEnv.disabled;
  const sendsMetrics = fromEnv.sendsMetrics && !fromEnv.disabled;
  const settings: Settings = {
    serviceName: text(options, "serviceName") ?? missing("serviceName"),
    receiver: receiver(sendsTraces ? traces.url : metrics.url, sendsMetrics ? metrics.url : traces.url),
    endpointIsDefault: [options, fromEnv, ...Object.values(fromEnv.signals)].every(
      (from) => from.endpoint === undefined,
    ),
    sendsTraces,
    sendsMetrics,
    requestSettings: { traces, metrics },
    queueBytes: integer(options, "queueBytes", MIB, 2 ** 40) ?? 64 * MIB,
    flushIntervalMs: integer(options, "flushIntervalMs", 1, 60_000) ?? 1_000,
    metricIntervalMs:
      integer(options, "metricIntervalMs", 10, LONGEST_TIMER_MS) ?? fromEnv.metricIntervalMs ?? 5_000,
    exitTimeoutMs: integer(options, "exitTimeoutMs", 1, 60_000) ?? 2_000,
    resource: resource(options, fromEnv.resourceAttributes),
    onError,
    onRecovery,
    shutdownOnExit: optional(options, "shutdownOnExit", isBoolean, "true or false") ?? true,
    global: (optional(options, "global", isBoolean, "true or false") ?? true) && !fromEnv.disabled,
    latencyMinutes: integer(latency, "minutes", 1, 10_080, "latency.minutes") ?? 60,
    maxOperations: integer(latency, "maxOperations", 1, 10_000, "latency.maxOperations") ?? 64,
  };
  for (const problem of fromEnv.problems) onError(problem);
  return settings;
}

function receiver({ origin: ofTraces }: URL, { origin: ofMetrics }: URL): string {
  return ofTraces === ofMetrics ? ofTraces : `${ofTraces} (spans) and ${ofMetrics} (metrics)`;
}

/** An option of the service's own says where everything goes. */
function url(options: TelemetryOptions, fromEnv: EnvironmentSettings, signal: Signal): URL {
  const given = optional(options, "endpoint", isHttpEndpoint, "an http:// or https:// URL");
  const own = fromEnv.signals[signal].endpoint;
  if (given === undefined && own !== undefined) return new URL(own);
  return signalUrl(given ?? fromEnv.endpoint ?? DEFAULT_ENDPOINT, signal);
}

function requestSettingsOf(
  options: TelemetryOptions,
  fromEnv: EnvironmentSettings,
  signal: Signal,
): RequestSettings {
  const own = fromEnv.signals[signal];
  const { token } = fromEnv;
  return {
    url: url(options, fromEnv, signal),
    headers: headers(options, { ...fromEnv.headers, ...own.headers }, token),
    compression:
      optional(options, "compression", isCompression, '"gzip" or "none"') ??
      own.compression ??
      fromEnv.compression ??
      "none",
    requestTimeoutMs:
      integer(options, "requestTimeoutMs", 10, 600_000) ??
      own.requestTimeoutMs ??
      fromEnv.requestTimeoutMs ??
      10_000,
  };
}

function headers(
  options: TelemetryOptions,
  fromEnv: Readonly<Record<string, string>>,
  envToken: string | undefined,
): Record<string, string> {
  const token = text(options, "token") ?? envToken;
  const all: Record<string, string> = {};
  for (const [name, value] of Object.entries({
    ...fromEnv,
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...strings(options, "headers"),
  })) {
    try {
      http.validateHeaderName(name);
      http.validateHeaderValue(name, value);
    } catch {
      // Without the value, which may be a secret.
      throw optionError(`headers["${name}"]`, "a valid HTTP header", undefined);
    }
    all[name.toLowerCase()] = value;
  }
  return all;
}

function resource(
  options: TelemetryOptions,
  fromEnv: Readonly<Record<string, string>>,
): Record<string, string> {
  const named: Record<string, string | undefined> = {
    [semconv.serviceName]: text(options, "serviceName"),
    [semconv.serviceVersion]: text(options, "serviceVersion"),
    [semconv.serviceInstanceId]:
      text(options, "instanceId") ?? fromEnv[semconv.serviceInstanceId] ?? randomUUID(),
    [semconv.desk]: text(options, "desk"),
  };
  const given = Object.entries(named).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { ...fromEnv, ...strings(options, "resourceAttributes"), ...Object.fromEntries(given) };
}

function optional<T extends object, K extends keyof T & string, V extends T[K]>(
  from: T,
  field: K,
  allowed: (value: unknown) => value is V,
  description: string,
): V | undefined {
  const value: unknown = from[field];
  if (value === undefined) return undefined;
  if (!allowed(value)) throw optionError(field, description, value);
  return value;
}

function integer<T extends object>(
  from: T,
  key: keyof T & string,
  least: number,
  most: number,
  field: string = key,
): number | undefined {
  const value: unknown = from[key];
  if (value === undefined) return undefined;
  if (typeof value !== "number" || !Number.isInteger(value) || value < least || value > most) {
    throw optionError(field, `an integer from ${least} to ${most}`, value);
  }
  return value;
}

function text(from: TelemetryOptions, field: keyof TelemetryOptions): string | undefined {
  const value: unknown = from[field];
  if (value === undefined) return undefined;
  if (typeof value !== "string" || value.trim() === "") {
    // A token is never shown.
    throw optionError(field, "a non-empty string", field === "token" ? undefined : value);
  }
  return value;
}

function strings(from: TelemetryOptions, field: "headers" | "resourceAttributes"): Record<string, string> {
  const value: unknown = from[field];
  if (value === undefined) return {};
  if (!isObject(value) || Array.isArray(value)) throw optionError(field, "an object of strings", value);
  for (const [key, entry] of Object.entries(value)) {
    if (typeof entry !== "string") throw optionError(`${field}["${key}"]`, "a string", entry);
  }
  return { ...value } as Record<string, string>;
}

function guarded(onError: ((message: string) => void) | undefined): (message: string) => void {
  return (message) => {
    try {
      onError?.(message);
    } catch {
      // A listener's error must not affect what it listens to.
    }
  };
}

function missing(field: string): never {
  throw optionError(field, "given", undefined);
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;
const isBoolean = (value: unknown): value is boolean => typeof value === "boolean";
const isFunction = (value: unknown): value is (message: string) => void => typeof value === "function";
const isCompression = (value: unknown): value is "gzip" | "none" => value === "gzip" || value === "none";
const isHttpEndpoint = (value: unknown): value is string => typeof value === "string" && isHttpUrl(value);

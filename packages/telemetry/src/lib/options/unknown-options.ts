import { unknownOptionText } from "@slipstream/config";
import type { TelemetryOptions } from "./options.ts";

type Latency = NonNullable<TelemetryOptions["latency"]>;

const options: Readonly<Record<keyof TelemetryOptions, true>> = {
  serviceName: true,
  serviceVersion: true,
  instanceId: true,
  desk: true,
  endpoint: true,
  token: true,
  headers: true,
  compression: true,
  queueBytes: true,
  flushIntervalMs: true,
  metricIntervalMs: true,
  requestTimeoutMs: true,
  exitTimeoutMs: true,
  resourceAttributes: true,
  onError: true,
  onRecovery: true,
  silent: true,
  shutdownOnExit: true,
  global: true,
  instruments: true,
  latency: true,
};
const latencyOptions: Readonly<Record<keyof Latency, true>> = { minutes: true, maxOperations: true };

/** One line for each key of the options, or of `latency`, that means nothing. */
export function unknownOptions(given: object): readonly string[] {
  const latency: unknown = "latency" in given ? given.latency : undefined;
  return [
    ...unknownKeys(given, options, "setUp"),
    ...unknownKeys(latency, latencyOptions, "setUp's latency"),
  ];
}

function unknownKeys(given: unknown, known: object, owner: string): readonly string[] {
  if (typeof given !== "object" || given === null) return [];
  const unknown = Object.keys(given).filter((key) => !Object.hasOwn(known, key));
  return unknown.map((key) => `${unknownOptionText(key, owner, Object.keys(known))}. It is ignored`);
}

import { parseArgs } from "node:util";
import { optionError } from "../option-error.ts";
import type { SimulationOptions } from "../options.ts";

/** Options that can be passed on the command line. The token cannot, because others could read it there. */
export type ProcessOptions = Pick<
  SimulationOptions,
  | "endpoint"
  | "seed"
  | "rate"
  | "durationSeconds"
  | "attackRate"
  | "weather"
  | "groundTruthFile"
  | "serviceName"
  | "desk"
> & { readonly weather?: string | undefined };

const flags: Readonly<Record<keyof ProcessOptions, { readonly flag: string; readonly number: boolean }>> = {
  endpoint: { flag: "endpoint", number: false },
  seed: { flag: "seed", number: true },
  rate: { flag: "rate", number: true },
  attackRate: { flag: "attack-rate", number: true },
  weather: { flag: "weather", number: false },
  durationSeconds: { flag: "duration", number: true },
  groundTruthFile: { flag: "ground-truth", number: false },
  serviceName: { flag: "service-name", number: false },
  desk: { flag: "desk", number: false },
};

export function toArguments(options: ProcessOptions): string[] {
  return entries().flatMap(([key, { flag }]) => {
    const value = options[key];
    return value === undefined ? [] : [`--${flag}=${value}`];
  });
}

/** @throws SlipstreamError (`invalid_option`) with the name of the flag. */
export function fromArguments(argv: readonly string[]): ProcessOptions {
  const options = Object.fromEntries(entries().map(([, { flag }]) => [flag, { type: "string" as const }]));
  let values: Record<string, unknown>;
  try {
    ({ values } = parseArgs({ args: [...argv], options, allowPositionals: false }));
  } catch (error) {
    throw optionError("arguments", error instanceof Error ? error.message : String(error));
  }
  return Object.fromEntries(
    entries().flatMap(([key, { flag, number }]) => {
      const text = values[flag];
      if (typeof text !== "string") return [];
      if (number && (text.trim() === "" || Number.isNaN(Number(text)))) {
        throw optionError(`--${flag}`, `must be a number, but is ${JSON.stringify(text)}`);
      }
      return [[key, number ? Number(text) : text]];
    }),
  );
}

function entries(): [keyof ProcessOptions, { readonly flag: string; readonly number: boolean }][] {
  return Object.entries(flags) as [keyof ProcessOptions, (typeof flags)[keyof ProcessOptions]][];
}

import { z } from "zod";
import type { BreakerOptions } from "./desk/breaker.ts";
import type { Weather } from "./market/weather.ts";
import type { TradeTruth, VerdictTruth } from "./truth/model.ts";

/** What `startSimulation` is told. Everything has a default. */
export interface SimulationOptions {
  /** Base address of the OTLP/HTTP receiver. Default: telemetry's own (OTEL_EXPORTER_OTLP_ENDPOINT, else port 4318). */
  readonly endpoint?: string | undefined;
  /** Bearer token of the receiver. */
  readonly token?: string | undefined;
  /** Settles the market, the decisions and the weather. Default: 1. */
  readonly seed?: number | undefined;
  /** Decisions a second, on average. Default: 4. */
  readonly rate?: number | undefined;
  /** Ends by itself after so long. Default: never. */
  readonly durationSeconds?: number | undefined;
  /** NDJSON file of what happened: a line a trade, one for what attackers did to it, then the totals. It is replaced. Default: none. */
  readonly groundTruthFile?: string | undefined;
  /** `service.name`. Default: trading-desk. */
  readonly serviceName?: string | undefined;
  /** `slipstream.desk`. Default: none. */
  readonly desk?: string | undefined;
  /** Trades in flight at once; decisions beyond it are held back. Default: 256. */
  readonly maxInFlight?: number | undefined;
  /** How long `stop` waits for trades in flight before it aborts them, ms. Default: 10,000. */
  readonly stopDeadlineMs?: number | undefined;
  /** Slots for which a blockhash is valid. Default: 15, that is 6 s (Solana: 150, a minute). */
  readonly blockhashSlots?: number | undefined;
  /**
   * Share of the trades without protection that attackers go after, 0 to 1; where so many would not pay, all that would. The more, the
   * more they go after others too. Default: 0.05.
   */
  readonly attackRate?: number | undefined;
  /** The circuit breaker: failures in a row that open it, how long it stays open, trades that probe. */
  readonly breaker?: Pick<BreakerOptions, "failures" | "openMs" | "probes"> | undefined;
  /** What the stand-ins suffer. Default: calm, with a spell on one of them each half minute or so. */
  readonly weather?: Weather | undefined;
  /** Called when a trade has ended. */
  readonly onTrade?: ((trade: TradeTruth) => void) | undefined;
  /** Called when it is known what attackers did to a trade that landed, some slots after it. */
  readonly onVerdict?: ((verdict: VerdictTruth) => void) | undefined;
  /** Told of what keeps telemetry or the ground truth from being written. */
  readonly onError?: ((message: string) => void) | undefined;
}

type Defaulted =
  | "seed"
  | "rate"
  | "serviceName"
  | "maxInFlight"
  | "stopDeadlineMs"
  | "blockhashSlots"
  | "attackRate"
  | "breaker";

/** The options with their defaults. */
export type SimulationSettings = Omit<SimulationOptions, Defaulted> & {
  readonly [Key in Defaulted]: Exclude<SimulationOptions[Key], undefined>;
};

/** A timer of Node lasts 24.8 days at most. */
const seconds = z.number().positive().max(2_000_000);

const schema: z.ZodType<SimulationSettings> = z.strictObject({
  endpoint: z.url({ protocol: /^https?$/, error: "must be an http:// or https:// address" }).optional(),
  token: z.string().min(1).optional(),
  seed: z.int().min(0).default(1),
  rate: z.number().positive().max(1000).default(4),
  durationSeconds: seconds.optional(),
  groundTruthFile: z.string().min(1).optional(),
  serviceName: z.string().min(1).default("trading-desk"),
  desk: z.string().min(1).optional(),
  maxInFlight: z.int().min(1).max(100_000).default(256),
  stopDeadlineMs: z.int().min(0).max(600_000).default(10_000),
  blockhashSlots: z.int().min(1).max(10_000).default(15),
  attackRate: z.number().min(0).max(1).default(0.05),
  breaker: z
    .strictObject({
      failures: z.int().min(1),
      openMs: z.number().min(0),
      probes: z.int().min(1),
    })
    .default({ failures: 5, openMs: 5000, probes: 2 }),
  weather: z.custom<Weather>(isWeather, "must have a method at").optional(),
  onTrade: z.custom<(trade: TradeTruth) => void>(isFunction, "must be a function").optional(),
  onVerdict: z.custom<(verdict: VerdictTruth) => void>(isFunction, "must be a function").optional(),
  onError: z.custom<(message: string) => void>(isFunction, "must be a function").optional(),
});

/** An option is wrong; the message names the field and what is allowed. */
export class SimulationOptionsError extends TypeError {
  readonly code = "SIMULATION_OPTION" as const;
  readonly field: string;

  constructor(field: string, message: string) {
    super(`${field}: ${message}`);
    this.name = "SimulationOptionsError";
    this.field = field;
  }
}

export function readOptions(options: SimulationOptions): SimulationSettings {
  const parsed = schema.safeParse(options);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue?.code === "unrecognized_keys" ? issue.keys.join(", ") : issue?.path.join(".");
  const given =
    field === "token" ? "" : `, but is ${JSON.stringify(options[field as keyof SimulationOptions])}`;
  throw new SimulationOptionsError(field || "options", `${issue?.message ?? "not valid"}${given}`);
}

function isWeather(value: unknown): boolean {
  return typeof value === "object" && value !== null && "at" in value && isFunction(value.at);
}

function isFunction(value: unknown): boolean {
  return typeof value === "function";
}

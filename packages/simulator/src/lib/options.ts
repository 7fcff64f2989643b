import { z } from "zod";
import type { BreakerOptions } from "./desk/breaker.ts";
import type { Weather } from "./market/weather.ts";
import { optionError } from "./option-error.ts";
import type { TradeTruth, VerdictTruth } from "./truth/model.ts";

/** Options of `startSimulation`. All have defaults. */
export interface SimulationOptions {
  /**
   * Base URL of the OTLP/HTTP receiver. Default: telemetry's own (OTEL_EXPORTER_OTLP_ENDPOINT, else port
   * 4318).
   */
  readonly endpoint?: string | undefined;
  /** Bearer token for the receiver. */
  readonly token?: string | undefined;
  /** Determines the market, the decisions and the weather. Default: 1. */
  readonly seed?: number | undefined;
  /** Average number of decisions per second. Default: 4. */
  readonly rate?: number | undefined;
  /** Duration after which the simulation ends. Default: never. */
  readonly durationSeconds?: number | undefined;
  /**
   * NDJSON file with the ground truth: one line per trade, one for what attackers did to it, then the totals.
   * An existing file is replaced. Default: none.
   */
  readonly groundTruthFile?: string | undefined;
  /** `service.name`. Default: trading-desk. */
  readonly serviceName?: string | undefined;
  /** `slipstream.desk`. Default: none. */
  readonly desk?: string | undefined;
  /** Maximum number of trades in flight; further decisions are held back. Default: 256. */
  readonly maxInFlight?: number | undefined;
  /** How long `stop` waits for trades in flight before it aborts them, in ms. Default: 10,000. */
  readonly stopDeadlineMs?: number | undefined;
  /**
   * How long the chain can be read after the duration, in seconds: an aggregator's verdicts become final some 13 s after a trade.
   * `stop` ends it. Default: 0.
   */
  readonly lingerSeconds?: number | undefined;
  /** Number of slots for which a blockhash is valid. Default: 15, or 6 s (Solana: 150, or a minute). */
  readonly blockhashSlots?: number | undefined;
  /**
   * Target share of the unprotected trades that attackers go after, 0 to 1. If not that many attacks would
   * pay off, all that would. A higher share also makes attacks on others more frequent. Default: 0.05.
   */
  readonly attackRate?: number | undefined;
  /**
   * The circuit breaker: consecutive failures that open it, how long it stays open, and the number of probe
   * trades.
   */
  readonly breaker?: Pick<BreakerOptions, "failures" | "openMs" | "probes"> | undefined;
  /**
   * Disturbances of the stand-ins: a name, phases such as `calm:60,storm:30,calm`, or what says them at each time. Default:
   * `changing`, which is calm, with a spell on one of them about every half minute.
   */
  readonly weather?: Weather | string | undefined;
  /** The address on which the stand-ins for the node and for Jupiter listen. Default: 127.0.0.1. */
  readonly host?: string | undefined;
  /** Port of the stand-in for the node. Default: 0, any free one. */
  readonly rpcPort?: number | undefined;
  /** Port of the stand-in for Jupiter. Default: 0, any free one. */
  readonly jupiterPort?: number | undefined;
  /** Whether the desk writes its trades to a stand-in for a database. Default: true, unless a real one is named. */
  readonly hasStore?: boolean | undefined;
  /**
   * A real QuestDB for the desk's orders, as a configuration string. The table is `simulator_orders`. Default: none.
   */
  readonly questdb?: string | undefined;
  /** A real Redis for the desk's positions, as a URL. The keys begin with `simulator_`. Default: none. */
  readonly redis?: string | undefined;
  /** Called at the end of each trade. */
  readonly onTrade?: ((trade: TradeTruth) => void) | undefined;
  /** Called some slots after a trade landed, once it is known what attackers did to it. */
  readonly onVerdict?: ((verdict: VerdictTruth) => void) | undefined;
  /** Called with errors that prevent telemetry or ground truth from being written. */
  readonly onError?: ((message: string) => void) | undefined;
  /** Called when what `onError` reported is over. */
  readonly onRecovery?: ((message: string) => void) | undefined;
}

type Defaulted =
  | "seed"
  | "rate"
  | "serviceName"
  | "maxInFlight"
  | "stopDeadlineMs"
  | "lingerSeconds"
  | "blockhashSlots"
  | "attackRate"
  | "breaker"
  | "weather"
  | "host"
  | "rpcPort"
  | "jupiterPort";

/** The options with their defaults applied. */
export type SimulationSettings = Omit<SimulationOptions, Defaulted> & {
  readonly [Key in Defaulted]: Exclude<SimulationOptions[Key], undefined>;
};

/** Node's timers are limited to 24.8 days. */
const seconds = z.number().positive().max(2_000_000);
const port = z.int().min(0).max(65_535).default(0);

const schema: z.ZodType<SimulationSettings> = z.strictObject({
  endpoint: z.url({ protocol: /^https?$/, error: "must be an http:// or https:// URL" }).optional(),
  token: z.string().min(1).optional(),
  seed: z.int().min(0).default(1),
  rate: z.number().positive().max(1000).default(4),
  durationSeconds: seconds.optional(),
  groundTruthFile: z.string().min(1).optional(),
  serviceName: z.string().min(1).default("trading-desk"),
  desk: z.string().min(1).optional(),
  maxInFlight: z.int().min(1).max(100_000).default(256),
  stopDeadlineMs: z.int().min(0).max(600_000).default(10_000),
  lingerSeconds: z.number().min(0).max(3600).default(0),
  blockhashSlots: z.int().min(1).max(10_000).default(15),
  attackRate: z.number().min(0).max(1).default(0.05),
  breaker: z
    .strictObject({
      failures: z.int().min(1),
      openMs: z.number().min(0),
      probes: z.int().min(1),
    })
    .default({ failures: 5, openMs: 5000, probes: 2 }),
  weather: z.union([z.string(), z.custom<Weather>(isWeather, "must have a method at")]).default("changing"),
  host: z.string().min(1).default("127.0.0.1"),
  rpcPort: port,
  jupiterPort: port,
  hasStore: z.boolean().optional(),
  questdb: z.string().min(1).optional(),
  redis: z.string().min(1).optional(),
  onTrade: z.custom<(trade: TradeTruth) => void>(isFunction, "must be a function").optional(),
  onVerdict: z.custom<(verdict: VerdictTruth) => void>(isFunction, "must be a function").optional(),
  onError: z.custom<(message: string) => void>(isFunction, "must be a function").optional(),
  onRecovery: z.custom<(message: string) => void>(isFunction, "must be a function").optional(),
});

export function readOptions(options: SimulationOptions): SimulationSettings {
  const parsed = schema.safeParse(options);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue?.code === "unrecognized_keys" ? issue.keys.join(", ") : issue?.path.join(".");
  const given = isSecret(field)
    ? ""
    : `, but is ${JSON.stringify(options[field as keyof SimulationOptions])}`;
  throw optionError(field || "options", `${issue?.message ?? "not valid"}${given}`);
}

/** Whether a value may hold one. */
function isSecret(field: string | undefined): boolean {
  return field === "token" || field === "questdb" || field === "redis";
}

function isWeather(value: unknown): boolean {
  return typeof value === "object" && value !== null && "at" in value && isFunction(value.at);
}

function isFunction(value: unknown): boolean {
  return typeof value === "function";
}

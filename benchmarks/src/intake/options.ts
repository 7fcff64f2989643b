import { parseArgs } from "node:util";

export interface IntakeOptions {
  readonly json: boolean;
  /** Shorter and fewer rounds: to see that everything runs. */
  readonly quick: boolean;
  readonly rounds: number;
  /** Of load in each round. */
  readonly seconds: number;
  readonly warmUpSeconds: number;
  readonly connections: number;
  /** Path of the Collector's binary; undefined: where `npm run stack -- install` puts it. */
  readonly collector: string | undefined;
  readonly withCollector: boolean;
  /** Also receivers that do only a part of the work. */
  readonly withFloors: boolean;
  /** Also an aggregator with these flags of Node in place of its own; undefined: none. */
  readonly besideFlags: string | undefined;
  /** Parent of the data directories; undefined: the system's folder for temporary files. */
  readonly dir: string | undefined;
  /** Folder for a CPU profile of each of the aggregator's threads; undefined: none is taken. */
  readonly cpuProfile: string | undefined;
}

export const usage = `Usage: npm run bench:intake -- [options]

How much one aggregator takes on one core, with durable acknowledgement and all statistics on: a sender on another core
posts unique spans as fast as they are acknowledged (OTLP/HTTP protobuf, 512 spans a request, 12 attributes a span).
Beside it, where its binary is there, the OpenTelemetry Collector on one core under the same load: with a durable queue
(file_storage, fsync), and with span_metrics. npm run stack -- install collector builds it. Below it the floors: receivers
that only answer 200, then also write and sync the body to a file, also decode it, also count it. CPU s / M spans is us a
span.

  --full             8 rounds of 5 s each (the default)
  --quick            2 rounds of 1 s: it shows that everything runs
  --rounds N         other than that
  --seconds N        of load in each round
  --connections N    each with one request under way; 8 by default
  --collector PATH   the Collector's binary; SLIPSTREAM_COLLECTOR sets it too
  --no-collector     only the aggregator
  --no-floors        without the floors
  --beside=FLAGS     also an aggregator with these flags of Node in place of its own: --beside="--max-semi-space-size=16"
  --dir PATH         where the data directories are made; on the disk that is to be measured
  --cpu-profile DIR  also where the aggregator's time goes: a .cpuprofile of each of its threads
  --json             JSON instead of tables
`;

const QUICK = { rounds: 2, seconds: 1, warmUpSeconds: 1 };
const FULL = { rounds: 8, seconds: 5, warmUpSeconds: 5 };

/** @throws TypeError that names the wrong argument. */
export function parseOptions(
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
): IntakeOptions | "help" {
  const { values } = parseArgs({
    args: [...args],
    options: {
      full: { type: "boolean", default: false },
      quick: { type: "boolean", default: false },
      rounds: { type: "string" },
      seconds: { type: "string" },
      connections: { type: "string", default: "8" },
      collector: { type: "string" },
      "no-collector": { type: "boolean", default: false },
      "no-floors": { type: "boolean", default: false },
      beside: { type: "string" },
      dir: { type: "string" },
      "cpu-profile": { type: "string" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) return "help";
  if (values.quick && values.full) throw new TypeError("--quick and --full: choose one of them");
  const mode = values.quick ? QUICK : FULL;
  return {
    json: values.json,
    quick: values.quick,
    rounds: wholeNumber("--rounds", values.rounds, mode.rounds),
    seconds: wholeNumber("--seconds", values.seconds, mode.seconds),
    warmUpSeconds: mode.warmUpSeconds,
    connections: wholeNumber("--connections", values.connections, 8),
    collector: values.collector ?? (environment.SLIPSTREAM_COLLECTOR || undefined),
    withCollector: !values["no-collector"],
    withFloors: !values["no-floors"],
    besideFlags: values.beside,
    dir: values.dir,
    cpuProfile: values["cpu-profile"],
  };
}

function wholeNumber(name: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1) return value;
  throw new TypeError(`${name}: "${text}" is not a whole number from 1 on`);
}

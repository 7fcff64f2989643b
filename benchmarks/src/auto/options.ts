import { parseArgs } from "node:util";

export type Part = "starts" | "calls" | "trades";

export interface AutoOptions {
  readonly json: boolean;
  readonly quick: boolean;
  readonly only: readonly Part[];
}

const parts: readonly Part[] = ["starts", "calls", "trades"];

export const usage: string = `Usage: npm run bench:auto -- [--only PARTS] [--quick] [--json]

What it costs to observe an unchanged service: alone, with @slipstream/telemetry/auto, and with stock OpenTelemetry
auto-instrumentation, in turn. CPU and time for each fetch, each call of a Solana node, and each query of a real
PostgreSQL and a real Redis, if they are installed; what is added at 100 trades a second; and what a start takes.
A run takes about four minutes.

  --only PARTS  comma-separated, of: ${parts.join(", ")}
  --quick       one process of each kind, few and short rounds: it shows that everything runs
  --json        JSON instead of text
`;

/** @throws TypeError that names the wrong argument. */
export function parseOptions(args: readonly string[]): AutoOptions | "help" {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: "string", default: parts.join(",") },
      quick: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) return "help";
  return { json: values.json, quick: values.quick, only: values.only.split(",").map(part) };
}

function part(name: string): Part {
  const known = parts.find((each) => each === name);
  if (known === undefined) throw new TypeError(`--only: "${name}" is none of ${parts.join(", ")}`);
  return known;
}

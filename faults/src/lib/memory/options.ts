import { parseArgs } from "node:util";

export interface MemoryArguments {
  readonly hours: number;
  readonly warmUpHours: number;
  readonly rate: number;
  readonly chain: number;
  readonly leak: number;
}

export const usage = `Usage: npm run test:memory -- [--hours H] [--warm-up H] [--rate N] [--chain N] [--leak BYTES]
  --hours H      simulated hours that are measured (default 24)
  --warm-up H    simulated hours before them (default 2)
  --rate N       trades a simulated second (default 100)
  --chain N      trades a simulated second on a chain that is watched, beside those (default 6)
  --leak BYTES   leak so much each simulated second, to see that it is found (default 0)
`;

/** @throws TypeError that names the wrong argument. */
export function parseOptions(args: readonly string[]): MemoryArguments | "help" {
  const { values } = parseArgs({
    args: [...args],
    options: {
      hours: { type: "string", default: "24" },
      "warm-up": { type: "string", default: "2" },
      rate: { type: "string", default: "100" },
      chain: { type: "string", default: "6" },
      leak: { type: "string", default: "0" },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) return "help";
  return {
    hours: number("hours", values.hours, 0.5),
    warmUpHours: number("warm-up", values["warm-up"], 0.5),
    rate: Math.ceil(number("rate", values.rate, 1)),
    chain: Math.ceil(number("chain", values.chain, 0)),
    leak: number("leak", values.leak, 0),
  };
}

function number(name: string, text: string, least: number): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value) && value >= least) return value;
  throw new TypeError(`--${name}: "${text}" is no number from ${least} up`);
}

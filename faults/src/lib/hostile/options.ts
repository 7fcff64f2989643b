import { parseArgs } from "node:util";
import { attacks } from "./attacks.ts";

export interface HostileOptions {
  readonly names: readonly string[];
  readonly seconds: number;
  readonly page: boolean;
}

export const usage: string = `Usage: npm run test:hostile -- [--quick] [--seconds N] [--page] [ATTACK ...]
  --seconds N  how long each attack lasts (default 40: longer than any deadline; with --quick 5)
  --quick      short attacks
  --page       write the figures into docs/reliability.md

Attacks:
${attacks.map(({ name, about }) => `  ${name.padEnd(18)} ${about}`).join("\n")}
`;

/** @throws TypeError that names the wrong argument. */
export function parseOptions(args: readonly string[]): HostileOptions | "help" {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      seconds: { type: "string" },
      quick: { type: "boolean", default: false },
      page: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) return "help";
  const known = attacks.map(({ name }) => name);
  const unknown = positionals.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new TypeError(`There is no attack "${unknown}".`);
  const seconds = Number(values.seconds ?? (values.quick ? 5 : 40));
  if (!(seconds >= 1 && seconds <= 3_600))
    throw new TypeError(`--seconds: "${values.seconds}" is no number from 1 to 3600`);
  return { names: positionals.length === 0 ? known : positionals, seconds, page: values.page };
}

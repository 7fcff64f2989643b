import { parseArgs } from "node:util";

export interface MicroOptions {
  readonly json: boolean;
  /** Fewer and shorter rounds: for CI, where the question is whether it runs at all. */
  readonly quick: boolean;
  readonly only: readonly string[];
}

export const usage = `Usage: npm run bench:micro -- [--only NAMES] [--quick] [--json]
  --only NAMES  comma-separated, of: record, render, decode, overhead, import
  --quick       fewer and shorter rounds
  --json        JSON instead of tables
`;

/** @throws TypeError that names the wrong argument. */
export function parseOptions(args: readonly string[], known: readonly string[]): MicroOptions | "help" {
  const { values } = parseArgs({
    args: [...args],
    options: {
      json: { type: "boolean", default: false },
      quick: { type: "boolean", default: false },
      only: { type: "string" },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) return "help";
  const only = values.only === undefined ? known : values.only.split(",");
  const unknown = only.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new TypeError(`--only: "${unknown}" is no benchmark; there are ${known.join(", ")}`);
  }
  return { json: values.json, quick: values.quick, only };
}

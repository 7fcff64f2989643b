import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import type { Part } from "./parts/part.ts";
import { type PortWishes, readPortWishes, usualPorts } from "./ports.ts";

const commands = ["up", "install", "status", "logs", "stop"] as const;

/** A command line of `npm run stack --`. */
export interface Arguments {
  readonly command: (typeof commands)[number];
  /** The chosen parts. */
  readonly parts: readonly Part[];
  readonly ports: PortWishes;
  readonly data: string;
  /** Trades a second of the simulated desk, as given. */
  readonly rate: string | undefined;
  readonly follow: boolean;
}

export function usage(all: readonly Part[]): string {
  return `Usage: npm run stack -- [command] [options]

Runs the whole pipeline on this machine without containers: a simulated desk
sends to the OpenTelemetry Collector, which sends to the aggregator, Prometheus
and Jaeger; the aggregator writes to Redis and QuestDB, and alerts come from
Alertmanager. All listen on 127.0.0.1 only. What is missing is installed first,
into ~/.cache/slipstream (XDG_CACHE_HOME).

Commands:
  up (default)           install, start, and watch until ctrl-C. A part that
                         ends by itself is reported and started again; one
                         that hangs is reported
  install [PART...]      only install what is missing
  status                 what runs, and whether it serves
  logs [PART...] [-f]    what the parts printed; -f: and what they print now
  stop                   end the stack from another terminal

Options:
  --only PART,...        these parts only
  --without PART,...     all parts but these. For real services:
                         --without simulator, with the node in
                         SLIPSTREAM_RPC_URL
  --ports free|NAME=PORT,...
                         free: any free port instead of the usual ones.
                         NAME=PORT: this port. Both may be given
  --data DIR             folder of all data (default: .slipstream/stack).
                         Delete it to start over
  --rate N               trades a second of the simulated desk
  -h, --help             print this help

Parts: ${all.map(({ name }) => name).join(", ")}.
Ports: ${all.flatMap(({ ports }) => Object.entries(ports).map(([name, port]) => `${name}=${port}`)).join(", ")}.
`;
}

/**
 * @param all the parts that there are
 * @param cwd that `--data` is relative to
 * @throws Error that says what is wrong
 */
export function readArguments(
  argv: readonly string[],
  all: readonly Part[],
  cwd: string,
  repository: string,
): Arguments | "help" {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      only: { type: "string" },
      without: { type: "string" },
      ports: { type: "string" },
      data: { type: "string" },
      rate: { type: "string" },
      follow: { type: "boolean", short: "f" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help === true) return "help";
  const [word = "up", ...rest] = positionals;
  const command = commands.find((name) => name === word);
  if (command === undefined)
    throw new Error(`There is no command "${word}". The commands are ${commands.join(", ")}.`);
  const takesParts = command === "logs" || command === "install";
  if (rest.length > 0 && !takesParts) throw new Error(`${command} takes no further words: ${rest.join(" ")}`);
  if (values.only !== undefined && values.without !== undefined)
    throw new Error("--only and --without exclude each other.");
  if (values.data === "") throw new Error("--data: name a folder.");
  if (values.rate !== undefined && !(Number(values.rate) > 0))
    throw new Error(`--rate must be a number above 0, but is "${values.rate}".`);
  return {
    command,
    parts: chosen(all, rest, values.only, values.without),
    ports: values.ports === undefined ? usualPorts : readPortWishes(values.ports, all),
    data: values.data === undefined ? join(repository, ".slipstream", "stack") : resolve(cwd, values.data),
    rate: values.rate,
    follow: values.follow ?? false,
  };
}

function chosen(
  all: readonly Part[],
  words: readonly string[],
  only: string | undefined,
  without: string | undefined,
): readonly Part[] {
  if (words.length > 0) return named(all, words.flatMap(list), "logs and install");
  if (only !== undefined) return named(all, list(only), "--only");
  if (without === undefined) return all;
  const left = named(all, list(without), "--without");
  const rest = all.filter((part) => !left.includes(part));
  if (rest.length === 0) throw new Error("--without: no part is left to run.");
  return rest;
}

function list(text: string): readonly string[] {
  return text
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "");
}

function named(all: readonly Part[], names: readonly string[], where: string): readonly Part[] {
  const unknown = names.find((name) => !all.some((part) => part.name === name));
  if (unknown === undefined && names.length > 0) return all.filter(({ name }) => names.includes(name));
  const known = all.map(({ name }) => name).join(", ");
  const wrong = unknown === undefined ? "name a part" : `there is no part "${unknown}"`;
  throw new Error(`${where}: ${wrong}. The parts are ${known}.`);
}

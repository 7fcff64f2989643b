import { createHash } from "node:crypto";
import { existsSync, globSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { MAX_INPUT_BYTES } from "./fuzz/mutate.ts";
import { runTarget } from "./fuzz/run-target.ts";
import type { FuzzTarget } from "./fuzz-target.ts";
import { reportTests, runProgram } from "./program.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const corpusOf = (name: string): string => join(root, "packages/testing/fuzz-corpus", name);

const files = new Map(
  globSync("packages/*/src/**/*.fuzz.ts", { cwd: root })
    .toSorted()
    .map((file) => [basename(file, ".fuzz.ts"), pathToFileURL(join(root, file)).href]),
);

const usage = `Usage: npm run fuzz -- [--target NAME,...] [--executions N] [--seconds S] [--seed S] [--keep] [--input FILE]
  --target      only these; default: all
  --executions  of each target (default: as many as fit into the time)
  --seconds     of each target (default: 10, or an hour if --executions is given)
  --seed        another seed gives other inputs (default: the time)
  --keep        writes inputs that execute something new into the corpus; some ten times as slow
  --input       runs one target with the bytes of a file, and nothing else

Targets: ${[...files.keys()].join(", ")}
`;

interface Options {
  readonly names: readonly string[];
  readonly executions: number;
  readonly seconds: number;
  readonly seed: number;
  readonly keep: boolean;
  readonly input: string | undefined;
}

/** @throws TypeError that names the wrong argument */
function parse(): Options | "help" {
  const { values } = parseArgs({
    options: {
      target: { type: "string" },
      executions: { type: "string" },
      seconds: { type: "string" },
      seed: { type: "string" },
      keep: { type: "boolean", default: false },
      input: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return "help";
  const names = values.target?.split(",") ?? [...files.keys()];
  const unknown = names.find((name) => !files.has(name));
  if (unknown !== undefined) throw new TypeError(`There is no target "${unknown}".`);
  const numberOf = (name: "executions" | "seconds" | "seed", usual: number): number => {
    const given = values[name];
    if (given !== undefined && !(Number(given) >= 0))
      throw new TypeError(`--${name}: "${given}" is no number`);
    return given === undefined ? usual : Number(given);
  };
  return {
    names,
    executions: numberOf("executions", Number.POSITIVE_INFINITY),
    seconds: numberOf("seconds", values.executions === undefined ? 10 : 3_600),
    seed: numberOf("seed", Date.now() % 1_000_000),
    keep: values.keep,
    input: values.input,
  };
}

/** Files in memory, if the system has a folder for them: a disk takes most of the time of targets that read files. */
function keepFilesInMemory(): void {
  if (process.env.TMPDIR === undefined && existsSync("/dev/shm")) process.env.TMPDIR = "/dev/shm";
}

async function main({ names, executions, seconds, seed, keep: keeps, input }: Options): Promise<void> {
  keepFilesInMemory();
  if (input !== undefined) {
    const { target } = (await import(files.get(names[0] ?? "") ?? "")) as { target: FuzzTarget };
    await target.run(readFileSync(input));
    return;
  }
  let passed = 0;
  for (const name of names) {
    const began = performance.now();
    const known = readCorpus(name);
    const result = await runTarget(files.get(name) ?? "", seed, known, { executions, seconds }, keeps);
    const took = Math.round((performance.now() - began) / 1_000);
    process.stdout.write(
      `${name}: ${result.executions} executions in ${took} s, ${known.length} inputs in the corpus, seed ${seed}\n`,
    );
    if (keeps) keep(name, result.kept);
    if (result.finding === undefined) passed++;
    else report(name, result.finding.reason, result.finding.input);
  }
  reportTests(passed, names.length);
}

function readCorpus(name: string): Buffer[] {
  try {
    return readdirSync(corpusOf(name))
      .toSorted()
      .map((file) => readFileSync(join(corpusOf(name), file)));
  } catch {
    return [];
  }
}

/** Short ones: what a long input does, one that is cut often does too. */
function keep(name: string, inputs: readonly Uint8Array[]): void {
  mkdirSync(corpusOf(name), { recursive: true });
  for (const input of inputs) {
    if (input.length > MAX_INPUT_BYTES) continue;
    const file = createHash("sha256").update(input).digest("hex").slice(0, 16);
    writeFileSync(join(corpusOf(name), file), input);
  }
}

function report(name: string, reason: string, input: Uint8Array): void {
  const file = `fuzz-${name}-${createHash("sha256").update(input).digest("hex").slice(0, 8)}`;
  writeFileSync(file, input);
  process.stdout.write(
    `FOUND by ${name}: ${reason}\n  ${Buffer.from(input).toString("latin1").slice(0, 300)}\n`,
  );
  process.stdout.write(`  Again: npm run fuzz -- --target ${name} --input ${file}\n`);
}

await runProgram(usage, parse, main);

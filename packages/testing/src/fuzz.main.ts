import { createHash } from "node:crypto";
import { globSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { MAX_INPUT_BYTES } from "./fuzz/mutate.ts";
import { runTarget } from "./fuzz/run-target.ts";
import type { FuzzTarget } from "./fuzz-target.ts";
import { reportTests } from "./program.ts";

const usage = `Usage: npm run fuzz -- [--target NAME,...] [--executions N] [--seconds S] [--seed S] [--keep] [--input FILE]
  --target      only these; default: all
  --executions  of each target (default: as many as fit into the time)
  --seconds     of each target (default: 10, or an hour if --executions is given)
  --seed        another seed gives other inputs (default: the time)
  --keep        writes inputs that execute something new into the corpus; some ten times as slow
  --input       runs one target with the bytes of a file, and nothing else
`;

const root = fileURLToPath(new URL("../../..", import.meta.url));
const corpusOf = (name: string): string => join(root, "packages/testing/fuzz-corpus", name);

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

const files = new Map(
  globSync("packages/*/src/**/*.fuzz.ts", { cwd: root })
    .toSorted()
    .map((file) => [basename(file, ".fuzz.ts"), pathToFileURL(join(root, file)).href]),
);

async function main(): Promise<void> {
  const names = values.target?.split(",") ?? [...files.keys()];
  const unknown = names.find((name) => !files.has(name));
  if (values.help || unknown !== undefined) {
    process.stdout.write(`${usage}\nTargets: ${[...files.keys()].join(", ")}\n`);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  if (values.input !== undefined) {
    const { target } = (await import(files.get(names[0] ?? "") ?? "")) as { target: FuzzTarget };
    await target.run(readFileSync(values.input));
    return;
  }
  const executions = Number(values.executions ?? Number.POSITIVE_INFINITY);
  const seconds = Number(values.seconds ?? (values.executions === undefined ? 10 : 3_600));
  const seed = Number(values.seed ?? Date.now() % 1_000_000);
  let passed = 0;
  for (const name of names) {
    const began = performance.now();
    const known = readCorpus(name);
    const result = await runTarget(files.get(name) ?? "", seed, known, { executions, seconds }, values.keep);
    const took = Math.round((performance.now() - began) / 1_000);
    process.stdout.write(
      `${name}: ${result.executions} executions in ${took} s, ${known.length} inputs in the corpus, seed ${seed}\n`,
    );
    if (values.keep) keep(name, result.kept);
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

await main();

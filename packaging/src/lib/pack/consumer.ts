import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../run.ts";

/** How a program imports the package. The name of the file says what it is compiled to. */
export interface Variant {
  /** The program that is made, such as "require.cjs". */
  readonly program: string;
  readonly source: string;
  readonly write: (text: string) => string;
}

export const variants: readonly Variant[] = [
  { program: "esm.mjs", source: "esm.mts", write: asWritten },
  { program: "import.cjs", source: "import.cts", write: importedLater },
  { program: "require.cjs", source: "require.cts", write: asWritten },
  { program: "required-under-node16.cjs", source: "required-under-node16.cts", write: asWritten },
  { program: "node10/node10.js", source: "node10/node10.ts", write: asWritten },
  { program: "bundler.js", source: "bundler.ts", write: asWritten },
];

/** TypeScript forbids `import` of an ES module in a CommonJS file under node16, and allows it under nodenext. */
const forms = [
  {
    module: "node16",
    moduleResolution: "node16",
    files: ["esm.mts", "import.cts", "required-under-node16.cts"],
  },
  { module: "nodenext", moduleResolution: "nodenext", files: ["require.cts"] },
  { module: "esnext", moduleResolution: "bundler", files: ["bundler.ts"] },
];

/**
 * The resolution that older projects still have. TypeScript 7 knows it no more. Zod's declarations need
 * `esModuleInterop`, which `tsc --init` sets and the other forms imply.
 */
const node10 = {
  module: "commonjs",
  moduleResolution: "node10",
  esModuleInterop: true,
  files: ["node10/node10.ts"],
};

function asWritten(text: string): string {
  return text;
}

function importedLater(text: string): string {
  const [, names = "", name = ""] = /^import \{ (.+) \} from "(.+)";$/m.exec(text) ?? [];
  return text
    .replace(/^import .*\n/m, "")
    .replace("Promise<void> {\n", `Promise<void> {\n  const { ${names} } = await import("${name}");\n`);
}

/** Makes a project outside the repository with nothing in it but what is installed. */
export async function installInto(folder: string, packages: readonly string[]): Promise<void> {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{ "private": true, "type": "module" }\n');
  await run("npm", ["install", "--no-audit", "--no-fund", ...packages], { cwd: folder });
}

/**
 * Writes every variant of a program into the project and compiles each with each compiler.
 *
 * @param compilers files of `tsc`, the first of TypeScript 5; the programs of the last one stay
 */
export async function compileVariants(
  folder: string,
  source: string,
  compilers: readonly string[],
): Promise<void> {
  const text = readFileSync(new URL(`consumers/${source}`, import.meta.url), "utf8");
  mkdirSync(join(folder, "node10"), { recursive: true });
  writeFileSync(join(folder, "node10", "package.json"), '{ "type": "commonjs" }\n');
  for (const { source, write } of variants) writeFileSync(join(folder, source), write(text));
  for (const [index, compiler] of compilers.entries()) {
    for (const { files, ...options } of index === 0 ? [...forms, node10] : forms)
      await compile(folder, files, options, compiler);
  }
}

/** Compiles files with the checks that a careful user has switched on, those of declarations too. */
export async function compile(
  folder: string,
  files: readonly string[],
  options: Readonly<Record<string, unknown>>,
  compiler: string,
): Promise<void> {
  const compilerOptions = { target: "es2022", lib: ["es2023"], types: ["node"], strict: true, ...options };
  const project = join(folder, "tsconfig.json");
  writeFileSync(project, JSON.stringify({ compilerOptions, files }));
  await run(process.execPath, [compiler, "-p", project], { cwd: folder });
}

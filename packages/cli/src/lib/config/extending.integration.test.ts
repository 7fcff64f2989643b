import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { testFolder } from "@slipstream/testing/folders";
import { expect, it } from "vitest";
import { runCli } from "../testing/run-cli.ts";

const repository = join(import.meta.dirname, "../../../../..");

/** The entry and the file that it goes into, as docs/extending.md says. */
function step(): { entry: string; file: string } {
  const page = readFileSync(join(repository, "docs/extending.md"), "utf8");
  const [, section = ""] = page.split("## Add a config key\n");
  const [, file = ""] = /`(packages\/\S+options\.ts)`/.exec(section) ?? [];
  const [, entry = ""] = /```ts\n([\s\S]*?)```/.exec(section) ?? [];
  return { entry, file };
}

/** Node options with which a program reads the file as if the entry stood in it. */
function withEntry(folder: string): string {
  const { entry, file } = step();
  const path = join(repository, file);
  const changed = readFileSync(path, "utf8").replace("  options: {\n", `  options: {\n${entry}`);
  expect(changed).toContain(entry);
  const hook = join(folder, "hook.mjs");
  const changes = {
    [pathToFileURL(path).href]: { format: "module-typescript", shortCircuit: true, source: changed },
    // What is in dist/ was not built from it.
    [pathToFileURL(join(repository, "packaging/built.js")).href]: {
      format: "module",
      shortCircuit: true,
      source: "export const isBuilt = () => false;",
    },
  };
  writeFileSync(
    hook,
    `import module from "node:module";
     const changes = ${JSON.stringify(changes)};
     module.registerHooks({ load: (url, context, next) => changes[url] ?? next(url, context) });`,
  );
  return `--import=${pathToFileURL(hook).href} --disable-warning=ExperimentalWarning`;
}

it("a key that is added as docs/extending.md says has a flag, a variable, a place in the file, a check, help and docs", async () => {
  const cwd = testFolder();
  const env = { NODE_OPTIONS: withEntry(cwd) };
  const help = await runCli(["aggregate", "--help"], { cwd, env });
  expect(help.stdout.replaceAll(/\s+/g, " ")).toContain(
    "--max-in-flight-bytes <bytes> most bytes of request bodies that are held at once (default: 67108864 (64 MiB); env: SLIPSTREAM_MAX_IN_FLIGHT_BYTES)",
  );
  const setting = async (args: readonly string[], more: Record<string, string> = {}): Promise<unknown> => {
    const { stdout, stderr } = await runCli(["config", "--json", ...args], { cwd, env: { ...env, ...more } });
    expect(stderr).toBe("");
    return (JSON.parse(stdout) as { settings: Record<string, unknown> }).settings.maxInFlightBytes;
  };
  expect(await setting([])).toEqual({ value: 67_108_864, from: "default" });
  writeFileSync(join(cwd, "slipstream.config.ts"), "export default { maxInFlightBytes: 2_000_000 };\n");
  expect(await setting([])).toEqual({
    value: 2_000_000,
    from: "file",
    name: join(cwd, "slipstream.config.ts"),
  });
  const variable = { SLIPSTREAM_MAX_IN_FLIGHT_BYTES: "3_000_000" };
  expect(await setting([], variable)).toEqual({
    value: 3_000_000,
    from: "variable",
    name: "SLIPSTREAM_MAX_IN_FLIGHT_BYTES",
  });
  expect(await setting(["--max-in-flight-bytes", "4000000"], variable)).toEqual({
    value: 4_000_000,
    from: "flag",
    name: "--max-in-flight-bytes",
  });

  const wrong = await runCli(["aggregate", "--max-in-flight-bytes", "1"], { cwd, env });
  expect(wrong).toMatchObject({
    code: 2,
    stderr:
      "slipstream: maxInFlightBytes = 1 (from --max-in-flight-bytes) is not allowed; allowed: a whole number of bytes from 1048576 (1 MiB)\n",
  });

  const page = join(import.meta.dirname, "docs/configuration-page.ts");
  const print = `import { configurationText } from ${JSON.stringify(page)}; console.log(configurationText());`;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--conditions=slipstream-source", "--input-type=module", "--eval", print],
    { cwd, env: { ...process.env, ...env } },
  );
  expect(stdout).toContain(
    "| `maxInFlightBytes` | a whole number of bytes from 1048576 (1 MiB) | `67108864 (64 MiB)` | `--max-in-flight-bytes <bytes>` | `SLIPSTREAM_MAX_IN_FLIGHT_BYTES` | Most bytes of request bodies that are held at once. |",
  );
});

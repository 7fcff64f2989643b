import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { testFolder } from "@slipstream/testing/folders";
import { nodeEnvironmentOf, nodeFlagsOf } from "@slipstream/testing/node-flags";
import { expect, test } from "vitest";
import { readManifest, root, trackedFiles } from "../manifests/workspace.ts";
import { run } from "../run.ts";

const read = (path: string) => readFileSync(join(root, path), "utf8");
const dockerfile = read("Dockerfile").replaceAll("\\\n", " ");
const unit = read("contrib/slipstream.service");
const page = read("docs/deploy.md");

/** The arguments of each instruction of a kind. */
const instructions = (kind: string) =>
  [...dockerfile.matchAll(new RegExp(`^${kind} (.+)$`, "gm"))].map(([, rest = ""]) => rest);

test("what the image copies is in the repository, or is made by the stage before", () => {
  const copied = instructions("COPY").map((rest) => rest.split(" "));
  expect(copied).toHaveLength(4);
  const made = ["node_modules"];
  for (const parts of copied) {
    const [source = ""] = parts.filter((part) => !part.startsWith("--"));
    const path = source.replace(/^\/app\//, "");
    expect(made.includes(path) || existsSync(join(root, path)), source).toBe(true);
  }
  const [entry] = instructions("ENTRYPOINT");
  const program = (JSON.parse(entry ?? "[]") as string[]).at(-1) ?? "";
  expect(existsSync(join(root, program)), program).toBe(true);
});

test("the image needs nothing that .dockerignore leaves out", () => {
  const left = read(".dockerignore").trim().split("\n");
  const patterns = left.map((line) => line.replace(/^\*\*\//, "").replace(/^\*/, ""));
  const needed = trackedFiles().filter((path) => !path.startsWith(".ci/"));
  const hidden = needed.filter((path) =>
    patterns.some(
      (pattern) => path.split("/").includes(pattern) || (pattern.startsWith(".") && path.endsWith(pattern)),
    ),
  );
  expect(hidden.filter((path) => !path.startsWith(".git"))).toEqual([]);
});

test("the image holds no tools of the tests: with --omit=dev, npm leaves them out", () => {
  const { packages } = JSON.parse(read("package-lock.json")) as {
    packages: Record<string, { dev?: boolean }>;
  };
  const tools = ["vitest", "vite", "rolldown", "typescript", "fast-check"].map(
    (name) => `node_modules/${name}`,
  );
  expect(tools.filter((name) => packages[name] !== undefined && packages[name].dev !== true)).toEqual([]);
  expect(packages["node_modules/vitest"]).toBeDefined();
});

test("the image runs the Node that the tests run on", () => {
  const { devDependencies } = readManifest(".") as { devDependencies: Record<string, string> };
  const images = instructions("FROM").map((rest) => rest.split(" ")[0]);
  expect(new Set(images)).toEqual(new Set([`node:${devDependencies.node}-bookworm-slim`]));
});

const program = join(root, "packages/cli/bin/slipstream.js");
const nodeFlags = nodeFlagsOf(program);

test("image and unit start Node with the flags and variables of the command line", () => {
  const entry = JSON.parse(instructions("ENTRYPOINT").at(-1) ?? "[]") as string[];
  expect(nodeFlags.length).toBeGreaterThan(0);
  expect(entry).toEqual(expect.arrayContaining(nodeFlags));
  expect(unit.split(/\s+/)).toEqual(expect.arrayContaining(nodeFlags));
  const variables = Object.entries(nodeEnvironmentOf(program)).map(([name, value]) => `${name}=${value}`);
  expect(variables.length).toBeGreaterThan(0);
  expect(instructions("ENV")).toContain(variables.join(" "));
  expect(unit).toContain(`\nEnvironment=${variables.join(" ")}\n`);
});

test("variables and flags in Dockerfile, unit and page are those of the aggregator", async () => {
  const { stdout: help } = await run(
    process.execPath,
    ["packages/cli/bin/slipstream.js", "aggregate", "--help"],
    {
      cwd: root,
    },
  );
  const configuration = read("docs/configuration.md");
  const collector = read("otel-collector/config.yaml");
  const texts = [dockerfile, unit, page].join("\n");
  const variables = new Set(
    texts.match(/\bSLIPSTREAM_[A-Z_]+\b/g)?.filter((name) => !collector.includes(`{env:${name}:-`)),
  );
  expect([...variables].filter((name) => !configuration.includes(`\`${name}\``))).toEqual([]);
  expect(variables.size).toBeGreaterThan(3);
  const started = [...(JSON.parse(instructions("CMD").at(-1) ?? "[]") as string[]), ...unit.split(/\s+/)];
  const flags = started.filter((part) => part.startsWith("--") && !nodeFlags.includes(part));
  expect(flags.filter((flag) => !help.includes(flag))).toEqual([]);
  expect(flags).toContain("--log-format");
});

const analyze = spawnSync("systemd-analyze", ["--version"]).status === 0;

test.skipIf(!analyze)("systemd finds nothing wrong with the unit", async () => {
  const file = join(testFolder(), "slipstream.service");
  const verify = () => run("systemd-analyze", ["verify", file]);
  // The program is installed elsewhere; systemd looks whether it is there.
  const here = unit.replace(/^ExecStart=\S+/m, `ExecStart=${process.execPath}`);
  writeFileSync(file, here);
  expect(await verify()).toEqual({ stdout: "", stderr: "" });
  writeFileSync(file, here.replace("RestartSec=2", "RestartSecs=2"));
  expect((await verify()).stderr).toContain("RestartSecs");
});

test("the unit starts the program where the page's install command puts it", () => {
  const { bin } = readManifest("packages/cli") as { bin: Record<string, string> };
  const program = join("node_modules/@slipstream/cli", bin.slipstream ?? "");
  expect(unit).toContain(`/opt/slipstream/current/${program} aggregate`);
  expect(page).toContain("npm install --prefix /opt/slipstream/0.1.0 @slipstream/cli@0.1.0 node@24");
});

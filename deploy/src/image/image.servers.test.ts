import { execFile } from "node:child_process";
import { readdirSync, readlinkSync, realpathSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import { eventually } from "@slipstream/testing/eventually";
import { sharedFolder } from "@slipstream/testing/folders";
import { type RealProcess, startProcess, untilServing } from "@slipstream/testing/real-process";
import { freePort } from "slipstream-stack/free-port";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import { inRepository, textOf } from "../testing/repository.ts";
import { type BuiltStage, buildStages, plainEnvironment } from "./build.ts";
import { readDockerfile } from "./dockerfile.ts";

const run = promisify(execFile);
const BUILD_MS = 900_000;
const START_MS = 90_000;
const TOKEN = "token-of-the-image-test";

/** What needs root's rights or an image. */
const LEFT_OUT = [
  "mkdir -m 700 /data",
  "chown 1000:1000 /data",
  "mkdir -p /secrets/token /secrets/redis /secrets/questdb /secrets/questdb-reader /secrets/grafana",
  "chown 1000:9480 /secrets/*",
  "chmod 2750 /secrets/*",
  "mkdir -p /init/questdb",
  "chown 10001:10001 /init/questdb",
  "USER node",
  "EXPOSE 9480",
];

const folder = realpathSync(sharedFolder());
let image: BuiltStage;

beforeAll(async () => {
  image = await buildStages(readDockerfile(textOf("Dockerfile")), inRepository(), folder, LEFT_OUT);
  console.info(`Not run, because it needs root or an image:\n${image.leftOut.join("\n")}`);
  // From here on, the image has to do without it.
  rmSync(join(folder, "build"), { recursive: true });
}, BUILD_MS);

/** The image's command with the node that the tests run on. */
function words(...rest: readonly string[]): [string, string[]] {
  const [program, ...flags] = image.entrypoint;
  expect(program).toBe("node");
  return [process.execPath, [...flags, ...rest]];
}

/** Starts the image's command until the test's end. */
function started(rest: readonly string[], env: NodeJS.ProcessEnv): RealProcess {
  const [program, args] = words(...rest);
  const process = startProcess(program, args, image.workdir, { ...plainEnvironment(), ...image.env, ...env });
  onTestFinished(() => process.kill());
  return process;
}

test("all steps of the Dockerfile are run but for those that need root or an image", () => {
  expect(image.leftOut).toEqual(LEFT_OUT);
});

test("the image holds what runs: no sources, no tests, no tools of development", () => {
  const all = readdirSync(image.workdir, { recursive: true, withFileTypes: true });
  const paths = all.map((entry) => relative(image.workdir, join(entry.parentPath, entry.name)));
  expect(readdirSync(image.workdir).sort()).toEqual(["node_modules", "package.json", "packages"]);
  expect(paths).toContain("packages/cli/dist/cli.main.js");

  const own = paths.filter((path) => path.startsWith("packages/"));
  const source = /\/src(\/|$)|\.test\.|\/testing(\/|$)|(?<!\.d)\.[cm]?tsx?$/;
  expect(own.filter((path) => source.test(path.replaceAll(/\/node_modules\/.*/g, "")))).toEqual([]);

  const { packages } = JSON.parse(textOf("package-lock.json")) as {
    packages: Record<string, { dev?: boolean }>;
  };
  const dev = Object.keys(packages).filter((path) => packages[path]?.dev === true);
  expect(dev.length).toBeGreaterThan(20);
  expect(dev.filter((path) => paths.includes(path))).toEqual([]);

  const links = all.filter((entry) => entry.isSymbolicLink());
  const broken = links.map((entry) => join(entry.parentPath, entry.name)).filter((path) => !isInside(path));
  expect(broken.map((path) => `${path} -> ${readlinkSync(path)}`)).toEqual([]);
  expect(links.length).toBeGreaterThan(0);
});

/** Whether a link leads to a file of the image. */
function isInside(path: string): boolean {
  try {
    return realpathSync(path).startsWith(`${image.workdir}/`);
  } catch {
    return false;
  }
}

test.each([
  { rest: ["--version"], says: /^\d+\.\d+\.\d+/ },
  { rest: ["simulate", "--help"], says: /^Usage: slipstream simulate/ },
  { rest: ["doctor", "--help"], says: /^Usage: slipstream doctor/ },
])("slipstream $rest", async ({ rest, says }) => {
  const { stdout, stderr } = await run(...words(...rest), { cwd: image.workdir, env: plainEnvironment() });
  expect(stdout).toMatch(says);
  expect(stderr).toBe("");
});

test("without a token it does not start, because other machines reach it", async () => {
  const aggregator = started(image.cmd, {});
  await eventually("it ends", () => aggregator.exited, START_MS);
  expect(aggregator.exitCode).toBe(2);
  expect(aggregator.output()).toContain("token");
});

test("it starts, becomes healthy, asks for the token, and ends on SIGTERM", async () => {
  const port = await freePort();
  const command = [...image.cmd.map((word) => word.replace("0.0.0.0", "127.0.0.1")), "--port", `${port}`];
  expect(command).toContain("127.0.0.1");
  const aggregator = started(command, { SLIPSTREAM_TOKEN: TOKEN });

  const [probe, ...args] = image.healthcheck.map((word) => word.replace(":9480/", `:${port}/`));
  expect(probe).toBe("node");
  expect(args.join(" ")).toContain(`:${port}/`);
  const isHealthy = async () => {
    await run(process.execPath, args, { cwd: image.workdir, env: plainEnvironment() });
    return true;
  };
  await untilServing("the aggregator of the image", aggregator, isHealthy, START_MS);

  const url = `http://127.0.0.1:${port}/api/current`;
  expect((await fetch(url)).status).toBe(401);
  expect((await fetch(url, { headers: { authorization: `Bearer ${TOKEN}` } })).status).toBe(200);
  expect(readdirSync(join(image.root, "data")).length).toBeGreaterThan(0);

  aggregator.signal("SIGTERM");
  await eventually("it ends", () => aggregator.exited, START_MS);
  expect(aggregator.exitCode).toBe(0);
  await expect(isHealthy()).rejects.toThrow();
  const lines = aggregator.output().trim().split("\n");
  expect(lines.map((line) => typeof JSON.parse(line))).toEqual(lines.map(() => "object"));
});

import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { sharedFolder } from "@slipstream/testing/folders";
import { collectorVersion } from "slipstream-stack/install/collector-build";
import { beforeAll, expect, test } from "vitest";
import { startedCollector } from "../testing/collector.ts";
import { inRepository, textOf } from "../testing/repository.ts";
import { type BuiltStage, buildStages } from "./build.ts";
import { readDockerfile } from "./dockerfile.ts";

const run = promisify(execFile);
/** With Go's caches, which `npm run stack` fills, half a minute. Without them, Go compiles all of it. */
const BUILD_MS = 900_000;

/** What needs root's rights or an image. The first is a file of the base image. */
const LEFT_OUT = [
  "COPY /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt",
  "USER 10001:10001",
  "EXPOSE 4317 4318 8888 13133",
];

const folder = sharedFolder();
let image: BuiltStage;

beforeAll(async () => {
  const stages = readDockerfile(textOf("otel-collector/Dockerfile"));
  image = await buildStages(stages, inRepository("otel-collector"), folder, LEFT_OUT);
}, BUILD_MS);

const inImage = (path: string): string => join(image.root, path);

test("all steps of the Dockerfile are run but for those that need root or an image", () => {
  expect(image.leftOut).toEqual(LEFT_OUT);
});

test("the image holds the Collector of builder.yaml, the probe and a folder for the queues, and nothing else", async () => {
  expect(readdirSync(image.root).sort()).toEqual(["health-probe", "otelcol", "var"]);
  expect(readdirSync(inImage("var/lib/otelcol"))).toEqual([]);
  const [program = ""] = image.entrypoint;
  const { stdout } = await run(inImage(program), ["--version"]);
  expect(stdout).toContain(collectorVersion());
  await expect(
    run(inImage(program), ["validate", "--config", inRepository("otel-collector/config.yaml")], {
      cwd: folder,
    }),
  ).resolves.toMatchObject({ stderr: "" });
});

test("the probe says whether a Collector is ready", async () => {
  const collector = await startedCollector();
  const [probe = ""] = image.healthcheck;
  await expect(run(inImage(probe), [collector.health])).resolves.toMatchObject({ stdout: "", stderr: "" });
  await collector.kill();
  await expect(run(inImage(probe), [collector.health])).rejects.toMatchObject({ code: 1 });
});

test("what is copied from the context is not left out of it", () => {
  const [build] = readDockerfile(textOf("otel-collector/Dockerfile"));
  const copied = (build?.instructions ?? []).filter(({ keyword }) => keyword === "COPY");
  const kept = textOf("otel-collector/.dockerignore").trim().split("\n");
  expect(kept).toEqual(["*", ...copied.map(({ rest }) => `!${basename(rest.split(" ")[0] ?? "")}`)]);
});

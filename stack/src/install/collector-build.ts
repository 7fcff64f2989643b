import { readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { buildPrograms, isBuilt, writeFileAt } from "./built-program.ts";
import type { Installation } from "./installation.ts";

export const collectorProgram = "otelcol-slipstream";

/** What the Collector is built from: its parts, all of one version. */
const manifestFile = join(import.meta.dirname, "../../../otel-collector/builder.yaml");

/** The Collector with the parts that builder.yaml names, built by the Collector project's own tool of the same version. */
export function collectorBuild(): Installation {
  const manifest = readFileSync(manifestFile, "utf8");
  const version = collectorVersion(manifest);
  const programs = [collectorProgram];
  const recipe = manifest.replaceAll(/^ *#.*\n/gm, "");
  return {
    what: `OpenTelemetry Collector ${version}`,
    usually: "4 min",
    needs: ["go"],
    isInstalled: (cache) => isBuilt(cache, programs, recipe),
    install: (workshop) =>
      buildPrograms(workshop, programs, recipe, async (work) => {
        const output = join(work, "build");
        const file = join(work, "builder.yaml");
        writeFileAt(
          file,
          manifest.replace(/^ {2}output_path:.*$/m, () => `  output_path: ${output}`),
        );
        const builder = `go.opentelemetry.io/collector/cmd/builder@v${version}`;
        await workshop.run("go", ["install", builder], { cwd: work, env: { GOBIN: work } });
        await workshop.run(join(work, "builder"), ["--config", file], {
          cwd: work,
          env: { CGO_ENABLED: "0" },
        });
        renameSync(join(output, collectorProgram), join(work, "bin", collectorProgram));
      }),
  };
}

/** @throws Error if the manifest does not say it */
export function collectorVersion(manifest: string = readFileSync(manifestFile, "utf8")): string {
  const version = /^dist:(?:\n {2}.*)*?\n {2}version: ([\d.]+)$/m.exec(manifest)?.[1];
  if (version === undefined) throw new Error(`${manifestFile} has no dist.version.`);
  return version;
}

import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { testFolder } from "@slipstream/testing/folders";
import { inRepository } from "./repository.ts";

/**
 * The repository's prometheus/ as it stands where Prometheus runs: with a token and the targets beside it.
 * @param targets `host:port` by the name of the file; the others have none
 * @returns the folder
 */
export function prometheusFolder(targets: Readonly<Record<string, string>> = {}): string {
  const folder = testFolder();
  cpSync(inRepository("prometheus"), folder, { recursive: true });
  mkdirSync(join(folder, "secrets"), { recursive: true });
  writeFileSync(join(folder, "secrets/aggregator-token"), "token-of-the-test");
  for (const name of ["aggregator", "alertmanager", "collector", "prometheus", "trace-store"]) {
    const target = targets[name];
    writeFileSync(
      join(folder, `targets/${name}.yml`),
      JSON.stringify(target === undefined ? [] : [{ targets: [target] }]),
    );
  }
  return folder;
}

import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { cacheFolder } from "slipstream-stack/cache-folder";

/** The Python that has prometheus_client and the OpenTelemetry SDK: `SLIPSTREAM_PYTHON`, else where .ci/run puts it. */
function pythonPath(): string {
  const path = process.env.SLIPSTREAM_PYTHON || join(cacheFolder(), "python", "bin", "python");
  if (!existsSync(path)) {
    throw new Error(
      `The tests of the servers project need Python's OpenTelemetry: .ci/install-servers puts it in ${path}.`,
    );
  }
  return path;
}

/**
 * Runs a Python script of this folder.
 * @returns what it printed.
 * @throws Error with its standard error where it fails.
 */
export function runPython(script: string, args: readonly string[] = [], input = ""): Promise<string> {
  const file = fileURLToPath(new URL(script, import.meta.url));
  return new Promise((resolve, reject) => {
    const child = execFile(
      pythonPath(),
      [file, ...args],
      { timeout: 60_000, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else reject(new Error(`${script} failed: ${stderr || error.message}`));
      },
    );
    child.stdin?.end(input);
  });
}

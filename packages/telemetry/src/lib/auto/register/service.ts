import { readFileSync, realpathSync } from "node:fs";
import { basename, dirname, join, parse } from "node:path";
import { semconv } from "@slipstream/conventions";

/** What a service is called, and how that is known. */
export interface ServiceIdentity {
  readonly name: string;
  readonly version?: string;
  readonly source: "variable" | "package" | "script";
}

/**
 * OTEL_SERVICE_NAME, or `service.name` in OTEL_RESOURCE_ATTRIBUTES, or the name in the package.json nearest to the script, or the
 * script's own name.
 *
 * @param given OTEL_SERVICE_NAME
 * @param attributes of OTEL_RESOURCE_ATTRIBUTES
 * @param script the service's first file; undefined if there is none
 */
export function serviceIdentity(
  given: string | undefined,
  attributes: Readonly<Record<string, string>>,
  script: string | undefined,
): ServiceIdentity {
  const manifest = script === undefined ? undefined : nearestManifest(realPath(script));
  const name = given?.trim() || attributes[semconv.serviceName]?.trim();
  const versionGiven = attributes[semconv.serviceVersion] !== undefined;
  const version = versionGiven || manifest?.version === undefined ? {} : { version: manifest.version };
  if (name) return { name, ...version, source: "variable" };
  if (manifest?.name !== undefined) return { name: manifest.name, ...version, source: "package" };
  return { name: script === undefined ? "node" : parse(script).name || basename(script), source: "script" };
}

interface Manifest {
  readonly name: string | undefined;
  readonly version: string | undefined;
}

/** The nearest package.json that has a name: one that only says `"type": "module"` names nothing. */
function nearestManifest(script: string): Manifest | undefined {
  for (let folder = dirname(script); ; folder = dirname(folder)) {
    const manifest = readManifest(join(folder, "package.json"));
    if (manifest?.name !== undefined) return manifest;
    if (folder === dirname(folder)) return undefined;
  }
}

function readManifest(file: string): Manifest | undefined {
  try {
    const { name, version }: { name?: unknown; version?: unknown } = JSON.parse(readFileSync(file, "utf8"));
    return { name: textOf(name), version: textOf(version) };
  } catch {
    return undefined;
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value.trim() !== "" ? value : undefined;
}

function realPath(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}

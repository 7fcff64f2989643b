import { trace } from "@opentelemetry/api";
import type { InstrumentSet } from "../../instruments/instrument-set.ts";
import type { AutoParts } from "../auto-parts.ts";
import type { PackageFile } from "./package-hooks.ts";

const API: unique symbol = Symbol.for("opentelemetry.js.api.1") as never;
interface ApiGlobal {
  readonly version?: string;
  readonly trace?: object;
}

/** Says once that the service has an OpenTelemetry SDK of its own. One may be registered at any time. */
export function watchOtherSdk({ say }: AutoParts, instruments: InstrumentSet): void {
  let said = false;
  const look = (): void => {
    if (said || apiGlobal()?.trace === undefined) return;
    said = true;
    say(
      "The service has an OpenTelemetry SDK of its own. Its spans stay with it, and those of Slipstream join its traces",
    );
  };
  look();
  instruments.beforeCollect(look);
}

/**
 * The service's own copy of the OpenTelemetry API. A copy registers nothing beside one of another version, and gets nothing from one with an
 * older minor version. As long as only Slipstream has registered something, what is registered takes the newer version of the two. Spans that
 * the service makes without an SDK go where they go with one copy.
 */
export function joinApiCopies({ say, packages }: AutoParts): void {
  const join = (exports: unknown, { file, version }: PackageFile): void => {
    const registered = apiGlobal();
    if (version === undefined || registered?.version === undefined) return;
    if (registered.trace === undefined && isAtLeast(version, registered.version)) {
      replaceApiGlobal({ ...registered, version });
      delegateOf(exports)?.setDelegate?.(trace.getTracerProvider());
    } else if (registered.version === version) {
      // It works with what is registered.
    } else if (!isAtLeast(registered.version, version)) {
      say(
        `The OpenTelemetry API ${version} (${file}) is newer than ${registered.version}, which is registered, so it makes no spans. Install one version`,
      );
    } else if (registered.trace === undefined) {
      say(
        `The OpenTelemetry API ${version} (${file}) is older than Slipstream's ${registered.version}, so no SDK can be registered with it. Install one version`,
      );
    }
  };
  // Up to 1.9, and from 1.10 on.
  for (const path of ["build/src/index.js", "dist/index.cjs", "dist/index.mjs"])
    packages.on("@opentelemetry/api", path, join);
}

interface Delegating {
  setDelegate?(provider: unknown): void;
}

function delegateOf(api: unknown): Delegating | undefined {
  const { trace: other } = (api ?? {}) as { trace?: { getTracerProvider?(): Delegating } };
  return other?.getTracerProvider?.();
}

function apiGlobal(): ApiGlobal | undefined {
  return (globalThis as { [API]?: ApiGlobal })[API];
}

/** As a whole: in newer copies the version cannot be changed. */
function replaceApiGlobal(api: ApiGlobal): void {
  (globalThis as { [API]?: ApiGlobal })[API] = api;
}

/** By major and minor version, as the API compares them. */
function isAtLeast(version: string, other: string): boolean {
  const [major, minor = 0] = version.split(".").map(Number);
  const [otherMajor, otherMinor = 0] = other.split(".").map(Number);
  return major === otherMajor && minor >= otherMinor;
}

import { existsSync, readFileSync } from "node:fs";
import Module, { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { esmFiles, LOADED, loaderData, withReport } from "./esm-source.loader.ts";
import type { Speaker } from "./speaker.ts";

/** A file of a package that has just run. */
export interface PackageFile {
  readonly file: string;
  /** Of the package; undefined if it cannot be read. */
  readonly version: string | undefined;
}

/** Gets what the file exports, to change it in place. */
export type Patch = (exports: unknown, file: PackageFile) => void;

const FOLDER = "node_modules/";
type Compile = (this: NodeModule, content: string, filename: string, ...rest: unknown[]) => unknown;
const prototype = (Module as unknown as { prototype: { _compile: Compile } }).prototype;

/**
 * Tells when a file of a package has run, in whichever way it was loaded. CommonJS files all pass through one function of Node, also
 * those that ES modules import, and beside other loaders; nothing else of the module system is touched, and no other file is
 * looked at. For the few packages with ES modules of their own, a loader hook adds a line to the end of that one file. It is registered
 * only if the service can load such a package.
 */
export class PackageHooks {
  readonly #speaker: Speaker;
  readonly #patches = new Map<string, Patch[]>();
  readonly #packages = new Set<string>();

  constructor(speaker: Speaker) {
    this.#speaker = speaker;
  }

  /** The packages of which a patched file has run. */
  get loaded(): ReadonlySet<string> {
    return this.#packages;
  }

  /** `path`: of the file within the package, with slashes. */
  on(name: string, path: string, patch: Patch): void {
    const key = `${name}/${path}`;
    this.#patches.set(key, [...(this.#patches.get(key) ?? []), patch]);
  }

  /** @param main the service's first file, from where it finds its packages */
  install(main: string | undefined): void {
    const ran = (filename: string, exports: unknown): void => this.#ran(filename, exports);
    const compile = prototype._compile;
    prototype._compile = function (this: NodeModule, content, filename, ...rest) {
      const result = compile.call(this, content, filename, ...rest);
      ran(filename, this.exports);
      return result;
    };
    if (main !== undefined) this.#installLoader(main, ran);
  }

  #ran(filename: string, exports: unknown): void {
    // A name that is no text is the service's own mistake, which Node has reported by now.
    const at = typeof filename === "string" ? filename.lastIndexOf("node_modules") : -1;
    if (at < 0) return;
    const key = filename.slice(at + FOLDER.length).replaceAll("\\", "/");
    const patches = this.#patches.get(key);
    if (patches === undefined) return;
    const name = packageOf(key);
    this.#packages.add(name);
    const version = versionOf(filename.slice(0, at + FOLDER.length) + name);
    for (const patch of patches) this.#speaker.guard(name, patch)(exports, { file: filename, version });
  }

  #installLoader(main: string, ran: (filename: string, exports: unknown) => void): void {
    const wanted = Object.keys(esmFiles).filter((key) => this.#patches.has(key) && isInstalled(main, key));
    if (wanted.length === 0) return;
    (globalThis as { [LOADED]?: typeof ran })[LOADED] = (url, exports) => ran(fileURLToPath(url), exports);
    const { registerHooks, register } = Module as unknown as Loaders;
    if (registerHooks !== undefined && runsSyncHooks()) {
      registerHooks({ load: (url, context, next) => withReport(url, next(url, context)) });
    } else if (register !== undefined) {
      registerLoader(register, wanted, this.#speaker);
    }
  }
}

interface Loaders {
  readonly registerHooks?: (hooks: {
    load(url: string, context: unknown, next: (url: string, context: unknown) => Loaded): Loaded;
  }) => void;
  readonly register?: (specifier: string, parent: string) => void;
}

interface Loaded {
  readonly format?: string | null | undefined;
  readonly source?: unknown;
}

/** The loader is a thread. Node's permission model forbids it unless it is allowed; everything else is observed without it. */
function registerLoader(
  register: NonNullable<Loaders["register"]>,
  wanted: readonly string[],
  { say }: Speaker,
): void {
  try {
    register(loaderData(), import.meta.url);
  } catch (error) {
    const names = [...new Set(wanted.map(packageOf))].join(", ");
    const why = error instanceof Error ? error.message : String(error);
    say(`Imports of ${names} by ES modules are not observed: ${why}`);
  }
}

/**
 * Node had sync hooks before they could load CommonJS (nodejs/node#59929). Nothing else tells these versions apart.
 */
function runsSyncHooks(): boolean {
  const [major = 0, minor = 0, patch = 0] = process.versions.node
    .split(".")
    .map((part) => Number.parseInt(part, 10));
  const since = [
    [22, 22, 3],
    [24, 11, 1],
    [25, 1, 0],
  ].find(([line]) => line === major);
  if (since === undefined) return major >= 26;
  const [, sinceMinor = 0, sincePatch = 0] = since;
  return minor > sinceMinor || (minor === sinceMinor && patch >= sincePatch);
}

/** What is loaded by now, because Slipstream uses it itself. */
const LOADED_BEFORE = "@opentelemetry/api";

/** Whether the service may load the file. */
function isInstalled(main: string, key: string): boolean {
  const name = packageOf(key);
  const folder = folderOf(main, name);
  if (folder === undefined || (name === LOADED_BEFORE && folder === folderOf(import.meta.url, name)))
    return false;
  return existsSync(`${folder}/${key.slice(name.length + 1)}`);
}

function folderOf(from: string, name: string): string | undefined {
  try {
    const file = createRequire(from).resolve(name).replaceAll("\\", "/");
    const at = file.lastIndexOf(`${FOLDER}${name}/`);
    return at < 0 ? undefined : file.slice(0, at) + FOLDER + name;
  } catch {
    return undefined;
  }
}

/** "@questdb/nodejs-client" of "@questdb/nodejs-client/dist/index.js". */
function packageOf(key: string): string {
  return key.split("/", key.startsWith("@") ? 2 : 1).join("/");
}

function versionOf(folder: string): string | undefined {
  try {
    const { version }: { version?: unknown } = JSON.parse(readFileSync(`${folder}/package.json`, "utf8"));
    return typeof version === "string" ? version : undefined;
  } catch {
    return undefined;
  }
}

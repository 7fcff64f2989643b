import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { gunzipSync } from "node:zlib";

const FOLDER = join(import.meta.dirname, "fixtures");

/** What an old version reported of its data folder. */
export interface Expected {
  readonly current: {
    readonly time: string;
    readonly statistics: Readonly<Record<string, Entry>>;
    readonly services: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  };
  /** Lines of `/metrics`. */
  readonly metrics: readonly string[];
}

export interface Value {
  readonly value: number | string | null;
  readonly count: number;
  readonly windowSeconds: number | null;
}

export type Entry = Value | { readonly series: readonly (Value & { readonly labels: object })[] };

/** Names of the recorded data folders, each of another format. */
export const fixtures: readonly string[] = readdirSync(FOLDER, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

/** Makes a copy of a data folder. */
export function unpack(name: string, into: string): void {
  const folder = join(FOLDER, name);
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith(".gz")) continue;
    const file = join(entry.parentPath, entry.name);
    const unpacked = join(into, relative(folder, file).slice(0, -".gz".length));
    mkdirSync(dirname(unpacked), { recursive: true });
    writeFileSync(unpacked, gunzipSync(readFileSync(file)));
  }
}

export function expectedOf(name: string): Expected {
  return JSON.parse(readFileSync(join(FOLDER, name, "expected.json"), "utf8"));
}

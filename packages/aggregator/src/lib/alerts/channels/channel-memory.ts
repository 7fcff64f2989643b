import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** What channels must remember over a restart. Small texts by key. */
export interface ChannelMemory {
  get(key: string): string | undefined;
  /** Never rejects: if it cannot be written, it holds until the restart. */
  set(key: string, value: string): Promise<void>;
}

const FILE = "channels.json";

/**
 * Opens `channels.json` of a data folder. A file that cannot be read counts as empty.
 * @param onFault called with the reason if the file cannot be read or written
 */
export async function openChannelMemory(
  folder: string,
  onFault: (reason: string) => void,
): Promise<ChannelMemory> {
  const path = join(folder, FILE);
  const values = await read(path, onFault);
  let last: Promise<void> = Promise.resolve();
  const write = async (): Promise<void> => {
    try {
      await writeFile(`${path}.new`, `${JSON.stringify(Object.fromEntries(values))}\n`, { mode: 0o600 });
      await rename(`${path}.new`, path);
    } catch (error) {
      onFault(`${path} cannot be written: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  return {
    get: (key) => values.get(key),
    set(key, value) {
      values.set(key, value);
      last = last.then(write);
      return last;
    },
  };
}

/** For an aggregator that keeps nothing on disk. */
export function temporaryMemory(): ChannelMemory {
  const values = new Map<string, string>();
  return {
    get: (key) => values.get(key),
    set(key, value) {
      values.set(key, value);
      return Promise.resolve();
    },
  };
}

async function read(path: string, onFault: (reason: string) => void): Promise<Map<string, string>> {
  try {
    const value: unknown = JSON.parse(await readFile(path, "utf8"));
    if (typeof value !== "object" || value === null) throw new Error("it holds no object");
    return new Map(Object.entries(value).filter((entry) => typeof entry[1] === "string"));
  } catch (error) {
    const missing = error instanceof Error && "code" in error && error.code === "ENOENT";
    if (!missing)
      onFault(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    return new Map();
  }
}

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { BlockSource, Found, Head } from "./block-source.ts";

const NAME = /^(\d{1,15})\.json$/;
/** With space around it. No block is so short. */
const LONGEST_NULL = 64;

/**
 * Recorded blocks: `SLOT.json`, an answer of `getBlock` each; `null` stands for a slot without a block. What is there is
 * final. Files that come later are found later.
 */
export function createFolderSource(directory: string): BlockSource {
  let newest = -1;

  const head = async (): Promise<Head> => {
    const names = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
      throw new Error(`the folder of blocks cannot be read (${error.code ?? error.name})`);
    });
    for (const name of names) newest = Math.max(newest, Number(NAME.exec(name)?.[1] ?? -1));
    if (newest < 0) throw new Error("the folder of blocks holds no SLOT.json");
    return { newest, finalized: newest };
  };

  return {
    head,
    // A folder has no index of transactions.
    placesOf: async () => [],
    async block(slot: number): Promise<Found> {
      try {
        const bytes = await readFile(join(directory, `${slot}.json`));
        const isNull = bytes.length <= LONGEST_NULL && bytes.toString().trim() === "null";
        return isNull ? { kind: "skipped" } : { kind: "block", bytes };
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code !== "ENOENT") throw new Error(`block ${slot} cannot be read (${code ?? "unknown"})`);
        return slot > newest
          ? { kind: "later" }
          : { kind: "gone", reason: "it is not in the folder of blocks" };
      }
    },
  };
}

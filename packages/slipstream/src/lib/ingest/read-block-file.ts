import { readFile } from "node:fs/promises";
import { basename, extname } from "node:path";
import { BlockError, type DecodedBlock, decodeBlock, parseBlockText } from "@slipstream/mev";
import { CliError, exitCode } from "../cli/cli-error.ts";

/**
 * Decodes a recorded block.
 * @param slot Slot that is given; where undefined, the number in the file's name.
 * @throws CliError: usage where the file cannot be read, bad where it holds no block.
 */
export async function readBlockFile(file: string, slot: number | undefined): Promise<DecodedBlock> {
  const text = await readText(file);
  try {
    return decodeBlock(parseBlockText(text), slot ?? slotInName(file));
  } catch (error) {
    if (error instanceof BlockError) throw new CliError(exitCode.bad, `${file}: ${error.message}`);
    throw error;
  }
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : error;
    const reasons: Record<string, string> = {
      ENOENT: "there is no such file",
      EISDIR: "this is a folder; name the file of a getBlock answer",
      EACCES: "this file may not be read",
    };
    throw new CliError(exitCode.usage, `${file}: ${reasons[String(code)] ?? String(code)}`);
  }
}

/** The longest number in the file's name: `slot_285000037.json`. null where it has none. */
export function slotInName(file: string): number | null {
  const numbers = basename(file, extname(file)).match(/\d+/g) ?? [];
  const longest = numbers.reduce((best, number) => (number.length > best.length ? number : best), "");
  const slot = Number(longest);
  return longest === "" || !Number.isSafeInteger(slot) ? null : slot;
}

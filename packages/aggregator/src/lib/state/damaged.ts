import { z } from "zod";
import { isCorruption } from "../log/errors.ts";

/** What `read` gives; undefined if what it reads in the database is damaged. */
export function unlessDamaged<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (isCorruption(error) || error instanceof z.ZodError || isTooLarge(error)) return undefined;
    throw error;
  }
}

/** A number that JavaScript cannot hold was never written. */
function isTooLarge(error: unknown): boolean {
  return error instanceof RangeError && "code" in error && error.code === "ERR_OUT_OF_RANGE";
}

/** undefined: it is not the JSON that `schema` says. */
export function parsedJson<T>(schema: z.ZodType<T>, text: string): T | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

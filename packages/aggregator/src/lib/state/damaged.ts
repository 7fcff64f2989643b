import { isCorruption } from "../log/errors.ts";
import { type Form, WrongForm } from "../stored-form/form.ts";

/** What `read` gives; undefined if what it reads in the database is damaged. */
export function unlessDamaged<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (isCorruption(error) || error instanceof WrongForm || isTooLarge(error)) return undefined;
    throw error;
  }
}

/** A number that JavaScript cannot hold was never written. */
function isTooLarge(error: unknown): boolean {
  return error instanceof RangeError && "code" in error && error.code === "ERR_OUT_OF_RANGE";
}

/** undefined: it is not the JSON that `form` says. */
export function parsedJson<T>(form: Form<T>, text: string): T | undefined {
  try {
    return form.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

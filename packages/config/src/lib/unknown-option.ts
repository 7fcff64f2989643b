import { shown } from "./config-error.ts";
import { suggest } from "./suggest.ts";

/**
 * Says that a key is no option of `owner`, and which one was probably meant. Ends with the list of all that are allowed. It
 * never shows the value, which may be a password under a mistyped key.
 */
export function unknownOptionText(key: string, owner: string, allowed: readonly string[]): string {
  const meant = suggest(key, allowed);
  const hint = meant === undefined ? "" : `did you mean ${meant}? `;
  return `${shown(key).slice(1, -1)} is not an option of ${owner}; ${hint}Allowed: ${allowed.join(", ")}`;
}

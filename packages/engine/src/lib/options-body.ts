import { givenTo, isOfType, optionsOf } from "@slipstream/config";
import { SlipstreamError } from "@slipstream/conventions";
import { readDeskRules } from "./desks/desk-rules.ts";
import { completeOptions, type EngineOptions, engineOptions } from "./options.ts";

/** The body of a log record that sets the options: all of them, so that a later version's defaults do not change it. */
export function encodeOptions(options: EngineOptions): Uint8Array {
  return Buffer.from(optionsText(options));
}

/** The same as text, for the saved state. */
export function optionsText(options: EngineOptions): string {
  return JSON.stringify(options);
}

/**
 * Reads what `encodeOptions` wrote. What is left out has its default, and what another version has added is left out. Limits are
 * not checked: those of the version that wrote it may have been others.
 *
 * @throws SlipstreamError `invalid_option` if it is something else.
 */
export function decodeOptions(body: Uint8Array): EngineOptions {
  const read = jsonOf(body);
  for (const [field, option] of optionsOf([engineOptions])) {
    if (read[field] === undefined || isOfType(option, read[field])) continue;
    throw new SlipstreamError("invalid_option", `${field} in the log has a wrong type`, { field });
  }
  return completeOptions({ ...givenTo(engineOptions, read), desks: readDeskRules(read.desks) });
}

function jsonOf(body: Uint8Array): Readonly<Record<string, unknown>> {
  let read: unknown;
  try {
    read = JSON.parse(Buffer.from(body).toString());
  } catch (cause) {
    throw new SlipstreamError("invalid_option", "Options in the log are not JSON", { cause });
  }
  if (typeof read === "object" && read !== null && !Array.isArray(read)) return { ...read };
  throw new SlipstreamError("invalid_option", "Options in the log are not an object");
}

import { writeSync } from "node:fs";

const STDERR = 2;

/**
 * Writes a line to stderr. Never throws. Not through `process.stderr`, nor `console`: if nobody reads stderr any more, or its disk is full,
 * the second line through either ends the service.
 */
export function writeLine(line: string): void {
  try {
    writeSync(STDERR, `slipstream: ${line}\n`);
  } catch {
    // There is nobody left to tell.
  }
}

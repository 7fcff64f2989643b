import { writeSync } from "node:fs";
import { getSystemErrorMessage } from "node:util";

/** What the command prints is not what it is run for. */
let isBeside = false;

/** From now on the process goes on if stdout cannot be written to: an aggregator whose output is in a file of a full disk. */
export function goOnWithoutOutput(): void {
  isBeside = true;
}

/** Ends the process when nobody gets its output. */
export function outputFailed({ code, errno, message }: NodeJS.ErrnoException): void {
  // Nobody reads any more (`slipstream ... | head`), which is no error.
  if (code === "EPIPE") process.exit(0);
  // The terminal is closed: SIGHUP ends the process.
  if (code === "EIO" || isBeside) return;
  const reason = errno === undefined ? message : `${getSystemErrorMessage(errno)} (${code})`;
  try {
    writeSync(process.stderr.fd, `slipstream: cannot write to stdout: ${reason}\n`);
  } catch {
    // Where the log goes is full too.
  }
  process.exit(1);
}

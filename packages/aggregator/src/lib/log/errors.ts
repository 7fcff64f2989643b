import { SlipstreamError } from "@slipstream/conventions";

/** More is waiting to be written than may wait: try again in a moment. */
export function busy(waitingBytes: number): SlipstreamError {
  const message = `${waitingBytes} bytes are already waiting to be written to the log; try again in a moment.`;
  return new SlipstreamError("log_busy", message);
}

const SQLITE_BUSY = 5;
export const SQLITE_READONLY = 8;
const SQLITE_IOERR = 10;
const SQLITE_CORRUPT = 11;
const SQLITE_FULL = 13;
export const SQLITE_CANTOPEN = 14;
const SQLITE_NOTADB = 26;

const words: Readonly<Record<number | string, string>> = {
  [SQLITE_BUSY]: "locked by another program",
  [SQLITE_READONLY]: "read-only",
  [SQLITE_IOERR]: "input/output error",
  [SQLITE_FULL]: "disk full",
  [SQLITE_CANTOPEN]: "cannot be opened",
  ENOSPC: "disk full",
  EDQUOT: "disk full: the quota is used up",
  EROFS: "read-only",
  EIO: "input/output error",
  EACCES: "no permission",
  EPERM: "no permission",
  EFBIG: "file too large",
  EMFILE: "too many open files",
  ENFILE: "too many open files",
};

/** SQLite's primary result code (https://sqlite.org/rescode.html); 0 where the error is not SQLite's. */
export function sqliteCode(error: unknown): number {
  return error instanceof Error && "errcode" in error ? Number(error.errcode) & 0xff : 0;
}

/** What went wrong, in words: "disk full (database or disk is full)". */
export function describeFault(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const code = systemCode(error);
  // Not its message: it says which call failed, so the reason would change all the time.
  if (code !== undefined && code in words) return `${words[code]} (${code})`;
  const word = words[sqliteCode(error)];
  return word === undefined ? message : `${word} (${message})`;
}

/** "ENOSPC"; undefined if the error is not the operating system's. */
function systemCode(error: unknown): string | undefined {
  const isOfSystem = error instanceof Error && "syscall" in error && "code" in error;
  return isOfSystem && typeof error.code === "string" ? error.code : undefined;
}

export function isDiskFull(error: unknown): boolean {
  return sqliteCode(error) === SQLITE_FULL || ["ENOSPC", "EDQUOT"].includes(systemCode(error) ?? "");
}

/** Damage to what was stored; a disk that cannot be read among it. */
export function isCorruption(error: unknown): boolean {
  if (error instanceof SlipstreamError) return error.code === "log_corrupt";
  return (
    [SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_IOERR].includes(sqliteCode(error)) || systemCode(error) === "EIO"
  );
}

/** What failed while a file of the log was opened or read, as an error that says what to do. */
export function explainLogError(file: string, error: unknown): SlipstreamError {
  if (error instanceof SlipstreamError) return error;
  if (isCorruption(error)) return damaged(file, describeFault(error), error);
  return new SlipstreamError("log_unusable", `The log ${file} cannot be read: ${describeFault(error)}.`, {
    field: "data",
    cause: error,
  });
}

/** @param what "not a database", "positions 5 to 9 of 1 to 20" */
export function damaged(file: string, what: string, cause?: unknown): SlipstreamError {
  return new SlipstreamError(
    "log_corrupt",
    `The log ${file} is damaged: ${what}. Restore it from a copy, or start once with --salvage: what can be read of it is ` +
      "kept, what is lost is counted, and the damaged file stays beside it.",
    { field: "data", cause },
  );
}

export function newerLayout(file: string, layout: number, known: number): SlipstreamError {
  return new SlipstreamError(
    "log_version",
    `${file} has layout ${layout}, this Slipstream knows ${known}: a newer one wrote it. Update Slipstream, or ` +
      "choose another directory with --data.",
    { field: "data" },
  );
}

export function unavailable(reason: string, cause?: unknown): SlipstreamError {
  return new SlipstreamError("log_unavailable", `The log cannot be written: ${reason}.`, { cause });
}

export function closed(): SlipstreamError {
  return new SlipstreamError("log_closed", "The log is closed.");
}

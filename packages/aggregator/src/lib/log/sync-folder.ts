import { closeSync, fsyncSync, openSync } from "node:fs";

/** Makes what was created, renamed or deleted in a folder outlive a power failure. */
export function syncFolder(folder: string): void {
  const descriptor = openSync(folder, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

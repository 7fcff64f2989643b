import { damaged } from "../errors.ts";
import type { SqliteReader } from "./sqlite-reader.ts";

/**
 * `PRAGMA integrity_check`: the whole one, for a `quick_check` is no quicker where there is no index. 512 MiB of 234 KB
 * bodies took 0.1 s, of 2 KB bodies 0.4 s; what it reads from the disk is read again at once. Bodies are
 * checked by their checksums as they are read.
 * @throws SlipstreamError `log_corrupt`
 */
export function checkIntegrity(reader: SqliteReader, first: number, last: number): void {
  const wrong = reader.integrity();
  if (wrong !== undefined) throw damaged(reader.file, `${wrong} (it holds positions ${first} to ${last})`);
  const missing = last - first + 1 - reader.range.lost - reader.count();
  if (missing !== 0)
    throw damaged(reader.file, `${missing} of its positions ${first} to ${last} are missing`);
}

/** Reads every record. @throws SlipstreamError `log_corrupt` */
export function checkRecords(reader: SqliteReader, first: number, last: number): void {
  let reached: number | undefined = first - 1;
  while (reached !== undefined) reached = reader.page(reached, last).at(-1)?.position;
}

import { type JsonCursor, NotRead } from "./json-cursor.ts";
import type { ObjectKeys } from "./object-keys.ts";

const arrayStart = 0x5b;
const arrayEnd = 0x5d;

export function list<T>(cursor: JsonCursor, read: (cursor: JsonCursor) => T): T[] {
  const items: T[] = [];
  if (!cursor.enter(arrayStart, arrayEnd)) return items;
  do items.push(read(cursor));
  while (cursor.hasMore(arrayEnd));
  return items;
}

export function nullish<T>(cursor: JsonCursor, read: (cursor: JsonCursor) => T): T | null {
  return cursor.isNull() ? null : read(cursor);
}

/**
 * The keys of an object that were seen, as bits.
 * @throws NotRead if the key was seen before: `JSON.parse` takes the last of them
 */
export function once(seen: number, key: number, keys: ObjectKeys): number {
  const bit = 1 << key;
  if ((seen & bit) === 0) return seen | bit;
  if (key === keys.other) return seen;
  throw new NotRead();
}

import { finish, type Steps } from "../steps.ts";
import { type FieldNames, SNAKE } from "./fields.ts";
import type { JsonReader } from "./reader.ts";

/** Given for a field that can only be read once another is known. */
export const LATER = "later";

/** How an object's fields are read. */
export interface ObjectFields {
  readonly names: FieldNames<number>;
  /** Reads the value of a field, which is not null, to its end. */
  read(field: number): Steps<void> | typeof LATER | undefined;
  /** Forgets all that was read of the object: it is read once more. */
  forget(): void;
}

/**
 * Reads an object as JSON.parse would give it to us: of two members with the same name the last holds, a null is no value,
 * and a name in snake_case counts if the one in camelCase has no value. Mostly no name comes twice, and then each value is
 * read where it stands.
 */
export function* readObject(reader: JsonReader, fields: ObjectFields): Steps<void> {
  const start = reader.pos;
  const wrongs = reader.wrongs;
  let seen = 0;
  let isRepeated = false;
  for (let more = reader.openObject(); more; more = reader.nextMember()) {
    const field = reader.name(fields.names);
    const bit = field === undefined ? 0 : 1 << (field & ~SNAKE);
    isRepeated ||= (seen & bit) !== 0;
    if (bit === 0 || isRepeated) yield* skipValue(reader);
    else if (!reader.isNull()) {
      const reading = fields.read((field ?? 0) & ~SNAKE);
      if (reading === LATER) {
        isRepeated = true;
        yield* skipValue(reader);
      } else if (reading !== undefined) yield* reading;
    }
    seen |= bit;
  }
  if (!isRepeated) return;
  reader.forgive(wrongs);
  fields.forget();
  yield* readAgain(reader, fields, start);
}

/** Finds the members that hold, and reads those, in the order of the fields. */
function* readAgain(reader: JsonReader, fields: ObjectFields, start: number): Steps<void> {
  const end = reader.pos;
  reader.again(end - start);
  const places = new Map<number, number>();
  reader.pos = start;
  reader.resume();
  for (let more = reader.openObject(); more; more = reader.nextMember()) {
    const field = reader.name(fields.names);
    if (field !== undefined) {
      if (reader.peek() === 0x6e) places.delete(field);
      else places.set(field, reader.pos);
    }
    yield* skipValue(reader);
  }
  reader.descend();
  for (let field = 0; field < SNAKE; field++) {
    const place = places.get(field) ?? places.get(field | SNAKE);
    if (place === undefined) continue;
    reader.pos = place;
    reader.resume();
    const reading = fields.read(field);
    if (reading !== undefined && reading !== LATER) yield* reading;
  }
  reader.ascend();
  reader.pos = end;
  reader.resume();
}

/** The same without pauses, for an object whose fields are all read so. It forgets what it read of the object before. */
export function readNow(reader: JsonReader, fields: ObjectFields): void {
  const start = reader.pos;
  const wrongs = reader.wrongs;
  const { names } = fields;
  let seen = 0;
  let isRepeated = false;
  fields.forget();
  for (let more = reader.openObject(); more; more = reader.nextMember()) {
    const field = reader.name(names);
    if (field === undefined) {
      reader.skip();
      continue;
    }
    const bit = 1 << (field & ~SNAKE);
    isRepeated ||= (seen & bit) !== 0;
    seen |= bit;
    if (isRepeated) reader.skip();
    else if (!reader.isNull() && fields.read(field & ~SNAKE) === LATER) {
      isRepeated = true;
      reader.skip();
    }
  }
  if (!isRepeated) return;
  reader.forgive(wrongs);
  fields.forget();
  finish(readAgain(reader, fields, start));
}

/** Calls `read` at each object of an array. */
export function* readList(
  reader: JsonReader,
  where: string,
  read: () => Steps<void> | undefined,
): Steps<void> {
  if (reader.kind() !== "array") {
    reader.wrong(where, "an array");
    return yield* skipValue(reader);
  }
  let index = 0;
  for (let more = reader.openArray(); more; more = reader.nextItem()) {
    if (reader.isDue) {
      yield reader.items;
      reader.resume();
    }
    reader.item();
    if (reader.kind() === "object") {
      const reading = read();
      if (reading !== undefined) yield* reading;
    } else {
      reader.wrong(`${where}[${index}]`, "an object");
      yield* skipValue(reader);
    }
    index++;
  }
}

/** Steps over a value. */
export function* skipValue(reader: JsonReader): Steps<void> {
  while (!reader.skipSome()) {
    yield reader.items;
    reader.resume();
  }
}

import type { Refusal, Resource } from "../model.ts";
import { RefusalCount } from "../refusals.ts";
import type { Steps } from "../steps.ts";
import { type FieldNames, messageFields } from "./fields.ts";
import type { JsonReader } from "./reader.ts";
import { ResourceReader } from "./resource.ts";
import { readList, readObject, skipValue } from "./structure.ts";

/** What spans and metrics differ in. */
export interface Signal {
  /** Names of the lists: of resources, of scopes, of items. */
  readonly path: readonly [string, string, string];
  /** The items that were read. */
  readonly items: unknown[];
  /** Gets each resource. */
  readonly resources: Resource[];
  /** Gets what was refused of each resource. */
  readonly refusals: Refusal[];
  /** Reads the object of an item that comes next. */
  readItem(resource: Resource, refused: RefusalCount): Steps<void> | undefined;
}

/** Reads all of a body: an object with a list of resources, each with its scopes and their items. */
export function* readRequest(reader: JsonReader, signal: Signal): Steps<void> {
  if (reader.kind() === "object") yield* new RequestReader(reader, signal).read();
  else {
    reader.wrong("body", "an object");
    yield* skipValue(reader);
  }
  while (!reader.atEnd()) {
    if (reader.pos < reader.end) throw reader.unexpected();
    yield reader.items;
    reader.resume();
  }
  reader.throwIfWrong();
}

class RequestReader {
  readonly #reader: JsonReader;
  readonly #signal: Signal;
  readonly #resources: ResourceReader;
  readonly #requestNames: FieldNames<number>;
  readonly #resourceNames: FieldNames<number>;
  readonly #scopeNames: FieldNames<number>;
  #resource: Resource;
  #refused: RefusalCount = new RefusalCount();

  constructor(reader: JsonReader, signal: Signal) {
    const [resourceList, scopeList, itemList] = signal.path;
    this.#reader = reader;
    this.#signal = signal;
    this.#resources = new ResourceReader(reader, resourceList);
    this.#resource = this.#resources.next();
    this.#requestNames = messageFields([resourceList]);
    this.#resourceNames = messageFields(["resource", scopeList]);
    this.#scopeNames = messageFields([itemList]);
  }

  read(): Steps<void> {
    const [resourceList] = this.#signal.path;
    return readObject(this.#reader, {
      names: this.#requestNames,
      read: () => readList(this.#reader, resourceList, () => this.#readResource()),
      forget: () => {
        this.#signal.items.length = 0;
        this.#signal.resources.length = 0;
        this.#signal.refusals.length = 0;
      },
    });
  }

  *#readResource(): Steps<void> {
    const { path, items, resources, refusals } = this.#signal;
    const where = `${path[0]}.${path[1]}`;
    const mark = items.length;
    this.#resource = this.#resources.next();
    this.#refused = new RefusalCount();
    resources.push(this.#resource);
    yield* readObject(this.#reader, {
      names: this.#resourceNames,
      read: (field) =>
        field === 0
          ? this.#resources.read()
          : readList(this.#reader, where, () => this.#readScope(`${where}.${path[2]}`)),
      forget: () => {
        this.#resources.forget();
        items.length = mark;
        this.#refused.become(new RefusalCount());
      },
    });
    this.#refused.report(this.#resource, refusals);
  }

  #readScope(where: string): Steps<void> {
    const { items } = this.#signal;
    const mark = items.length;
    const before = this.#refused.copy();
    return readObject(this.#reader, {
      names: this.#scopeNames,
      read: () => readList(this.#reader, where, () => this.#signal.readItem(this.#resource, this.#refused)),
      forget: () => {
        items.length = mark;
        this.#refused.become(before);
      },
    });
  }
}

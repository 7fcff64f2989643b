import { BoundedBody, bytesOf } from "../body-text.ts";
import { isDeliberate } from "../deliberate.ts";
import { shadowMethod } from "../replace-method.ts";
import type { BodyReading } from "./body-reading.ts";

type Result = { readonly done?: boolean; readonly value?: unknown };

/** Streams that are followed already: `response.body` is asked for again and again. */
const followed = new WeakSet<object>();

/**
 * Sees what is read of the stream of an answer's body, by whom it may be: what reads it is made by the stream's own methods, which get
 * a counterpart on this one stream.
 *
 * @param begin called as soon as somebody reads
 */
export function followStream(stream: ReadableStream, reading: BodyReading, begin: () => void): void {
  if (followed.has(stream)) return;
  followed.add(stream);
  const { following } = reading;
  shadow(stream, "getReader", (reader) => {
    begin();
    const copy = new BoundedBody();
    shadow(reader, "read", (result) => watchRead(result, reading, copy));
    shadow(reader, "cancel", (result) => {
      following.ended(undefined);
      return result;
    });
    return reader;
  });
  for (const name of ["values", Symbol.asyncIterator] as const) {
    shadow(stream, name, (iterator) => {
      begin();
      const copy = new BoundedBody();
      shadow(iterator, "next", (result) => watchRead(result, reading, copy));
      shadow(iterator, "return", (result) => {
        following.ended(undefined);
        return result;
      });
      return iterator;
    });
  }
  shadow(stream, "pipeTo", (result) => {
    begin();
    return watched(result, reading, () => following.ended(undefined));
  });
  shadow(stream, "tee", (branches) => {
    begin();
    if (Array.isArray(branches)) for (const branch of branches) followStream(branch, reading, () => {});
    return branches;
  });
  shadow(stream, "cancel", (result) => {
    begin();
    following.ended(undefined);
    return result;
  });
}

function watchRead(result: unknown, reading: BodyReading, copy: BoundedBody): unknown {
  const { following } = reading;
  return watched(result, reading, (value) => {
    const { done, value: part } = (value ?? {}) as Result;
    if (done === true) {
      following.ended(following.wantsBody ? copy.bytes()?.toString("utf8") : undefined);
      return;
    }
    following.seen();
    const bytes = following.wantsBody ? bytesOf(part) : undefined;
    if (bytes !== undefined) copy.add(bytes);
  });
}

/** The promise with what is done before anybody else gets its value. */
function watched(promise: unknown, reading: BodyReading, then: (value: unknown) => void): unknown {
  if (!(promise instanceof Promise)) return promise;
  reading.pending += 1;
  return promise.then(
    (value: unknown) => {
      reading.pending -= 1;
      then(value);
      return value;
    },
    (error: unknown) => {
      reading.pending -= 1;
      reading.following.failed(error, isDeliberate(error, reading.signal));
      throw error;
    },
  );
}

/** Gives one object a counterpart of a method, which hands on what the original returns. */
function shadow(target: unknown, name: string | symbol, handOn: (result: unknown) => unknown): void {
  shadowMethod(
    target as object,
    name,
    (original) =>
      function (...args) {
        return handOn(Reflect.apply(original, this, args));
      },
  );
}

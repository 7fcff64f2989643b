import { bodyText } from "../body-text.ts";
import { isDeliberate } from "../deliberate.ts";
import type { Following } from "../following.ts";
import type { Guard } from "../guard.ts";
import { type Method, replaceMethod } from "../replace-method.ts";
import type { BodyReading } from "./body-reading.ts";
import { followStream } from "./stream.ts";

type Replaced = (original: Method<object>) => Method<object>;

/** What the service reads of a body, as `ended` gets it. Undefined: nothing that can be read without work. */
const bodyOf: Readonly<Record<string, (value: unknown) => unknown>> = {
  json: (value) => value,
  text: bodyText,
  arrayBuffer: bodyText,
  bytes: bodyText,
  blob: () => undefined,
  formData: () => undefined,
};

/**
 * Sees what a service reads of the answers of `fetch`, as it reads it: the methods of `Response.prototype` stand in front of their
 * originals, and look at the answers that are followed. Nothing is read twice, and nothing is teed.
 */
export class Answers {
  readonly #guard: Guard;
  /** Answers of which nothing was read yet. */
  readonly #unread = new WeakMap<object, BodyReading>();
  readonly #prototypes = new WeakMap<object, (this: unknown) => unknown>();

  constructor(guard: Guard) {
    this.#guard = guard;
  }

  /** Never throws. `signal`: what the service can abort it with. */
  follow(response: Response, following: Following, signal: AbortSignal | undefined): void {
    try {
      const body = this.#stand(Object.getPrototypeOf(response));
      const reading: BodyReading = { following, signal, pending: 0 };
      following.answered(
        response.status,
        (name) => response.headers.get(name),
        () => reading.pending > 0,
      );
      if (body === undefined || body.call(response) === null) following.ended(undefined);
      else this.#unread.set(response, reading);
    } catch (error) {
      this.#guard.caught(error);
      following.ended(undefined);
    }
  }

  /** Stands in front of the methods of a prototype, once. Returns its getter of the body. */
  #stand(prototype: object): ((this: unknown) => unknown) | undefined {
    const known = this.#prototypes.get(prototype);
    if (known !== undefined) return known;
    for (const [name, of] of Object.entries(bodyOf)) replaceMethod(prototype, name, this.#reader(of));
    replaceMethod(prototype, "clone", this.#cloner());
    const property = Object.getOwnPropertyDescriptor(prototype, "body");
    const getter = property?.get;
    if (property === undefined || getter === undefined) return undefined;
    const get = this.#bodyGetter(getter);
    Object.defineProperty(get, "name", { value: getter.name, configurable: true });
    Object.defineProperty(prototype, "body", { ...property, get });
    this.#prototypes.set(prototype, getter);
    return getter;
  }

  #reader(of: (value: unknown) => unknown): Replaced {
    const unread = this.#unread;
    const take = (response: object) => this.#take(response);
    return (original) =>
      function (...args) {
        const reading = unread.get(this) && take(this);
        const answer = Reflect.apply(original, this, args);
        if (reading === undefined || !(answer instanceof Promise)) return answer;
        const { following } = reading;
        reading.pending += 1;
        return answer.then(
          (value: unknown) => {
            reading.pending -= 1;
            if (!following.done) following.ended(following.wantsBody ? of(value) : undefined);
            return value;
          },
          (error: unknown) => {
            reading.pending -= 1;
            following.failed(error, isDeliberate(error, reading.signal));
            throw error;
          },
        );
      };
  }

  #cloner(): Replaced {
    const unread = this.#unread;
    return (original) =>
      function (...args) {
        const reading = unread.get(this);
        const copy = Reflect.apply(original, this, args);
        if (reading !== undefined && typeof copy === "object" && copy !== null) unread.set(copy, reading);
        return copy;
      };
  }

  #bodyGetter(getter: () => unknown): () => unknown {
    const unread = this.#unread;
    const guard = this.#guard;
    const take = (response: object) => this.#take(response);
    return function body(this: object) {
      const stream = Reflect.apply(getter, this, []);
      const reading = unread.get(this);
      if (reading === undefined) return stream;
      try {
        if (stream instanceof ReadableStream) followStream(stream, reading, () => take(this));
      } catch (error) {
        guard.caught(error);
      }
      return stream;
    };
  }

  /** From now on, somebody reads this one; what is called after that fails. */
  #take(response: object): BodyReading | undefined {
    const reading = this.#unread.get(response);
    this.#unread.delete(response);
    return reading;
  }
}

import { secretFragments } from "@slipstream/conventions";

/** Letters in a fragment. */
const LENGTH = 4;

const lower = new Uint8Array(256);
for (let code = 0; code < 256; code++) lower[code] = code >= 65 && code <= 90 ? code + 32 : code;

/** By the last two bytes of a window of four: how far the window may be moved without missing a fragment. */
const shifts = new Uint8Array(65_536).fill(LENGTH - 1);
const fragments = new Set<number>();
/** The first two bytes of fragments. */
const starts = new Uint8Array(65_536);
for (const fragment of secretFragments) {
  const codes = Array.from(fragment, (letter) => letter.charCodeAt(0));
  fragments.add(packed(codes, 0));
  for (const first of casesOf(codes[0] ?? 0))
    for (const second of casesOf(codes[1] ?? 0)) starts[(first << 8) | second] = 1;
  for (let at = 0; at < LENGTH - 1; at++) {
    for (const first of casesOf(codes[at] ?? 0)) {
      for (const second of casesOf(codes[at + 1] ?? 0)) {
        const block = (first << 8) | second;
        shifts[block] = Math.min(shifts[block] ?? 0, LENGTH - 2 - at);
      }
    }
  }
}

/** Bytes that are looked at between two pauses. */
const STEP_BYTES = 131_072;
/** If there are more, they count as being everywhere: the list would be larger than the body. */
const MOST_FOUND = 65_536;

/**
 * Where the first fragment of a secret's name or form stands between two places, in capital or small letters; -1 if there is none. A
 * text without one has no secret of the table. It looks at about half of the bytes (Wu and Manber, 1994).
 */
export function fragmentIn(bytes: Uint8Array, from: number, to: number): number {
  let at = from + LENGTH - 1;
  while (at < to) {
    const shift = shifts[((bytes[at - 1] as number) << 8) | (bytes[at] as number)] as number;
    if (shift > 0) {
      at += shift;
      continue;
    }
    const start = ((bytes[at - 3] as number) << 8) | (bytes[at - 2] as number);
    if (starts[start] === 1 && fragments.has(packed(bytes, at - 3))) return at - 3;
    at += 1;
  }
  return -1;
}

/** The fragments from one place on, found as far as somebody asks. Each byte is looked at once, whoever asks for what. */
export class FragmentPlaces {
  readonly #bytes: Uint8Array;
  #places: number[] = [];
  #upTo = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Forgets those that were found: from now on somebody asks for those after `at`. */
  startAt(at: number): void {
    this.#places = [];
    this.#upTo = at;
  }

  /** Whether there is one between two places, none of them before the start. */
  *areIn(from: number, to: number): Generator<void, boolean, void> {
    yield* this.#lookUpTo(to);
    if (this.#places.length >= MOST_FOUND) return true;
    let low = 0;
    let high = this.#places.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#places[middle] as number) < from) low = middle + 1;
      else high = middle;
    }
    return (this.#places[low] ?? to) < to;
  }

  *#lookUpTo(to: number): Generator<void, void, void> {
    while (this.#upTo < to && this.#places.length < MOST_FOUND) {
      const stop = Math.min(to, this.#upTo + STEP_BYTES);
      // One that begins before and ends after was not found before.
      let from = Math.max(0, this.#upTo - LENGTH + 1);
      for (
        let found = fragmentIn(this.#bytes, from, stop);
        found >= 0;
        found = fragmentIn(this.#bytes, from, stop)
      ) {
        this.#places.push(found);
        from = found + 1;
      }
      this.#upTo = stop;
      if (stop < to) yield;
    }
  }
}

function packed(codes: ArrayLike<number>, at: number): number {
  return (
    ((lower[codes[at] as number] as number) << 24) |
    ((lower[codes[at + 1] as number] as number) << 16) |
    ((lower[codes[at + 2] as number] as number) << 8) |
    (lower[codes[at + 3] as number] as number)
  );
}

function casesOf(code: number): readonly number[] {
  return code >= 97 && code <= 122 ? [code, code - 32] : [code];
}

/** Values that stand where others were saved. */
const odd: readonly unknown[] = [
  undefined,
  null,
  true,
  "",
  "x",
  0,
  -1,
  0.5,
  2 ** 31,
  1e15,
  -1e308,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  0n,
  -(2n ** 70n),
  [],
  [undefined],
  [[], []],
  {},
  { ms: 1, exact: true },
  new Uint8Array(3),
  new Uint32Array(2),
  new Float64Array(1),
  new Map(),
];

type Container = Record<string | number, unknown>;

interface Place {
  readonly container: Container;
  readonly key: string;
}

/**
 * Changes one value of some plain data, in place.
 *
 * @param at which of its values; any number leads to one
 * @param how to change it: another value, gone, twice, cut, or a value from elsewhere in the data
 */
export function damage(data: object, at: number, how: number, more: number): void {
  const places = [...placesIn(data)];
  const place = places[at % places.length];
  if (place === undefined) return;
  const { container, key } = place;
  const value = container[key];
  switch (how % 8) {
    case 0:
      delete container[key];
      return;
    case 1: {
      const other = places[(at + more * 7 + 1) % places.length];
      container[key] = structuredClone(other?.container[other.key]);
      return;
    }
    case 2:
      if (Array.isArray(value)) container[key] = value.slice(0, more % (value.length + 1));
      else if (typeof value === "number") container[key] = value + (more - 128);
      else if (typeof value === "string") container[key] = value.slice(0, more % (value.length + 1));
      else if (ArrayBuffer.isView(value)) container[key] = (value as Uint8Array).slice(0, more % 9);
      return;
    case 3:
      if (Array.isArray(value)) container[key] = [...value, ...structuredClone(value)];
      else if (typeof value === "number") container[key] = value * 2 ** (more - 128);
      else if (ArrayBuffer.isView(value)) (value as Uint8Array).fill(more);
      return;
    default:
      container[key] = structuredClone(odd[more % odd.length]);
  }
}

/** Every value within the data, whatever holds it; typed arrays are one value. */
function* placesIn(data: object): Generator<Place> {
  const container = data as Container;
  for (const key of Object.keys(data)) {
    yield { container, key };
    const value = container[key];
    if (typeof value === "object" && value !== null && !ArrayBuffer.isView(value)) yield* placesIn(value);
  }
}

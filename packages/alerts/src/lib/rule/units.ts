/** Units that can be turned into each other, with their size in the smallest. */
const FAMILIES: readonly Readonly<Record<string, number>>[] = [
  { ns: 1e-9, us: 1e-6, µs: 1e-6, ms: 1e-3, s: 1, min: 60, m: 60, h: 3_600, d: 86_400 },
  { bps: 1, "%": 100 },
  {
    bytes: 1,
    B: 1,
    kB: 1e3,
    KiB: 1_024,
    MB: 1e6,
    MiB: 1_024 ** 2,
    GB: 1e9,
    GiB: 1_024 ** 3,
    TB: 1e12,
    TiB: 1_024 ** 4,
  },
  { lamports: 1, SOL: 1e9 },
  { usd: 1, USD: 1, $: 1 },
  { "1/min": 1, "/min": 1, "/s": 60, "/h": 1 / 60 },
];

/** Units that a value in this one may be given in. A unit that counts things, such as "trades", is by itself. */
export function unitsLike(unit: string): readonly string[] {
  const family = FAMILIES.find((candidate) => Object.hasOwn(candidate, unit));
  return family === undefined ? [unit] : Object.keys(family);
}

/** A value in another unit; undefined if one cannot be turned into the other. */
export function inUnit(value: number, from: string, to: string): number | undefined {
  const family = FAMILIES.find((candidate) => Object.hasOwn(candidate, to));
  // Of what is counted also the singular: "1 trade".
  if (family === undefined) return from === to || `${from}s` === to ? value : undefined;
  if (!Object.hasOwn(family, from)) return undefined;
  // Without the last digit's noise: 0.2 s are 200 ms and not 200.00000000000003.
  return Number(((value * (family[from] ?? 0)) / (family[to] ?? 1)).toPrecision(15));
}

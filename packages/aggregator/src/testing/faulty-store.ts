import type { WritableDashboards } from "../lib/dashboards/dashboards.ts";

/** How a store behaves: as it should, with an error, or with no answer ever. */
export type StoreMode = "works" | "fails" | "hangs";

export interface FaultyStore extends WritableDashboards {
  mode: StoreMode;
  /** What each successful write was given: the instants and whether the nine keys were written too. */
  readonly writes: { readonly times: readonly number[]; readonly current: boolean }[];
}

/** A store that can be told to fail or to hang. */
export function makeFaulty(store: WritableDashboards, mode: StoreMode = "works"): FaultyStore {
  async function behave<T>(act: () => Promise<T>): Promise<T> {
    if (faulty.mode === "fails") throw new Error("The store is away.");
    if (faulty.mode === "hangs") return new Promise(() => {});
    return act();
  }
  const faulty: FaultyStore = {
    mode,
    writes: [],
    name: "faulty",
    write: (points, options) =>
      behave(() => {
        faulty.writes.push({ times: points.map(({ timeMs }) => timeMs), current: options.current });
        return store.write(points, options);
      }),
    current: () => behave(() => store.current()),
    series: (fromMs, toMs) => behave(() => store.series(fromMs, toMs)),
    count: (dayMs) => behave(() => store.count(dayMs)),
  };
  return faulty;
}

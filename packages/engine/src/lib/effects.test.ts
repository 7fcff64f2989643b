import { attribute } from "@slipstream/conventions";
import { chain, FIRST_SLOT, sandwich, slotOf } from "@slipstream/testing/engine/chain";
import { START_MS, span, tick, traces, trade } from "@slipstream/testing/engine/spans";
import { expect, it } from "vitest";
import { noEffects } from "./effects.ts";
import { Engine } from "./engine.ts";

it("a record of which nothing comes has the same empty effects as any other, and nobody can add to them", () => {
  const engine = new Engine({}, { history: true });
  expect(engine.apply(traces([span("think", START_MS)]))).toBe(noEffects);
  expect(engine.apply(tick(START_MS))).toBe(noEffects);
  for (const list of [noEffects.publications, noEffects.rows, noEffects.verdicts])
    expect(() => (list as unknown[]).push(1)).toThrow(TypeError);
});

it("effects hold what came of their record alone, and do not change with the next", () => {
  const engine = new Engine({}, { history: true });
  const first = engine.apply(traces([trade(START_MS + 1_000), trade(START_MS + 2_000)]));
  const copy = structuredClone(first);
  const second = engine.apply(traces([trade(START_MS + 8_000)]));
  expect(first).toEqual(copy);
  expect([first.rows.length, first.publications.length]).toEqual([2, 0]);
  expect([second.rows.length, second.publications.length]).toEqual([1, 1]);
});

it("rows are made only for those who ask for them; publications and verdicts always", () => {
  const own = trade(START_MS, { [attribute.solanaSignature]: "own", [attribute.solanaSlot]: FIRST_SLOT });
  const swaps = sandwich(FIRST_SLOT, { sol: 10n ** 12n, token: 10n ** 15n }, "own", "attacker");
  const log = [
    traces([own]),
    chain(START_MS + 1_000, {}),
    chain(START_MS + 2_000, {
      slots: [-3, -2, -1, 0, 1, 2, 3].map((off) => slotOf(FIRST_SLOT + off, off === 0 ? swaps : [])),
    }),
  ];
  const effectsOf = (engine: Engine) => log.map((record) => engine.apply(record));
  const [plain, asked] = [effectsOf(new Engine()), effectsOf(new Engine({}, { history: true }))];
  expect(plain.flatMap(({ rows }) => rows)).toEqual([]);
  const tables = asked.map(({ rows }) => rows.map(({ table }) => table));
  expect(tables.at(0)).toEqual(["trades"]);
  expect(tables.at(-1)).toEqual(["mev_verdicts"]);
  expect(plain.map(({ verdicts }) => verdicts)).toEqual(asked.map(({ verdicts }) => verdicts));
  expect(plain.at(-1)?.verdicts).toMatchObject([
    { trade: { signature: "own" }, now: { verdict: "impacted" } },
  ]);
});

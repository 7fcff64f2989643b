/**
 * What verdicts cost the engine: CPU time a trade, and a checkpoint while trades wait for their blocks to be final:
 * node --conditions=slipstream-source packages/engine/src/lib/testing/verdict-cost.main.ts [WAITING]
 */
import { attribute } from "@slipstream/conventions";
import type { Swap } from "@slipstream/mev";
import { chain, FIRST_SLOT, slotOf, swapsOf } from "@slipstream/testing/engine/chain";
import { START_MS, traces, trade } from "@slipstream/testing/engine/spans";
import type { Reserves } from "@slipstream/testing/pool";
import { Engine } from "../engine.ts";
import { emptyChain } from "../mev/chain.ts";
import type { EngineRecord } from "../model.ts";

const waiting = Number(process.argv[2] ?? 1_500);
/** As many as are remembered, so that the book is full. */
const SIGNERS = 25_000;
const FINAL = 12_000;
const SLOT_MS = 400;
const CHECKPOINTS = 10;
const TRADES = 200_000;

/** CPU time of the thread, so that it does not matter what else the machine does. */
function timed<T>(what: () => T): { readonly result: T; readonly ms: number } {
  const before = process.threadCpuUsage();
  const result = what();
  const { user, system } = process.threadCpuUsage(before);
  return { result, ms: (user + system) / 1_000 };
}

function own(at: number, signed = true): EngineRecord {
  const where = {
    [attribute.solanaSignature]: `own-${String(at).padStart(84, "1")}`,
    [attribute.solanaSlot]: FIRST_SLOT + at,
  };
  const endMs = START_MS + at * SLOT_MS;
  const values = {
    [attribute.tradeId]: `trade-${at}`,
    [attribute.tradePair]: "JUP/SOL",
    [attribute.tradeSizeUsd]: 1_000,
    [attribute.mevProtection]: "none",
  };
  return traces([trade(endMs, { ...values, ...(signed ? where : {}) })], endMs + 5);
}

/** A slot with the desk's trade and five others, by signers who come again now and then. */
function slot(at: number, reserves: Reserves): EngineRecord {
  const others = Array.from({ length: 5 }, (_, i) => {
    const signer = `signer-${String((at * 5 + i) % SIGNERS).padStart(37, "1")}`;
    return { signature: `s${at}-${i}`.padEnd(87, "x"), signer, buy: i % 2 === 0, amountIn: 10n ** 8n };
  });
  const desk = {
    signature: `own-${String(at).padStart(84, "1")}`,
    signer: "desk",
    buy: true,
    amountIn: 10n ** 8n,
  };
  const swaps: Swap[] = swapsOf(FIRST_SLOT + at, reserves, [...others.slice(0, 3), desk, ...others.slice(3)]);
  return chain(START_MS + at * SLOT_MS + 50, { slots: [slotOf(FIRST_SLOT + at, swaps)] });
}

function line(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** CPU microseconds for each of so many trades. */
function costOf(engine: Engine, signed: boolean): number {
  let micros = 0;
  for (let from = 0; from < TRADES; from += 500) {
    const records = Array.from({ length: 500 }, (_, i) => own(from + i, signed));
    micros += timed(() => {
      for (const record of records) engine.apply(record);
    }).ms;
  }
  return (1_000 * micros) / TRADES;
}

// The first run compiles; the others are measured, in turn.
for (let round = 0; round < 3; round += 1) {
  const without = costOf(new Engine({}, { history: true }), false);
  const unwatched = costOf(new Engine({}, { history: true }), true);
  if (round > 0)
    line(
      `a trade without a signature ${without.toFixed(2)} us, with one that nobody looks for ${unwatched.toFixed(2)} us: ${(unwatched - without).toFixed(2)} us more`,
    );
}

const engine = new Engine({}, { trackSeen: true });
engine.apply({ receivedMs: START_MS, batch: emptyChain });
const reserves: Reserves = { sol: 10n ** 13n, token: 10n ** 16n };
let at = 0;
function go(slots: number, keep: number): void {
  for (const end = at + slots; at < end; at += 1) {
    engine.apply(own(at));
    engine.apply(slot(at, reserves));
    if (at > keep && at % 20 === 0)
      engine.apply(chain(START_MS + at * SLOT_MS, { finalized: FIRST_SLOT + at - keep }));
  }
}
const told = timed(() => go(FINAL, waiting));
line(
  `${FINAL} trades and slots told in ${told.ms.toFixed(0)} ms of CPU; ${engine.verdicts.waiting} trades wait`,
);
for (let i = 0; i < CHECKPOINTS; i += 1) {
  go(25, waiting);
  const save = timed(() => engine.save());
  const verdicts = (save.result.parts as Record<string, unknown>).verdicts;
  const part = timed(() => structuredClone(verdicts));
  const clone = timed(() => structuredClone(save.result));
  line(
    `save() ${save.ms.toFixed(1)} ms + structuredClone ${clone.ms.toFixed(1)} ms, of verdicts ${part.ms.toFixed(1)} ms; ${engine.verdicts.waiting} trades wait`,
  );
  if (i === CHECKPOINTS - 1) {
    const restored = timed(() => Engine.restore(clone.result, [engine.takeSeen()].flat(), {}));
    line(`restored in ${restored.ms.toFixed(0)} ms`);
  }
}

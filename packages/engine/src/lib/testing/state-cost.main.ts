/**
 * CPU time that a checkpoint takes of the engine's thread, at the traffic of throughput.main.ts, and a restart:
 * node --conditions=slipstream-source packages/engine/src/lib/testing/state-cost.main.ts [WARM_UP_SECONDS]
 */
import { serialize } from "node:v8";
import { Engine } from "../engine.ts";
import type { SeenKeys } from "../seen-keys.ts";
import { type EngineState, seenSizesOf } from "../state.ts";
import { BATCH, SPANS_PER_SECOND, steadyOptions, steadyRecord } from "./steady-traffic.ts";

// Longer than the longest window with its amendments; in the end nearly as many spans as can be are remembered.
const warmUpSeconds = Number(process.argv[2] ?? 735);
const CHECKPOINTS = 20;
const CHECKPOINT_SECONDS = 5;

const engine = new Engine(steadyOptions, { trackSeen: true });
const seen: SeenKeys[] = [];
let next = 0;

function applySeconds(seconds: number): void {
  for (const end = next + seconds * SPANS_PER_SECOND; next < end; next += BATCH)
    engine.apply(steadyRecord(next));
}

/** CPU time of the thread, so that it does not matter what else the machine does. */
function timed<T>(what: () => T): { readonly result: T; readonly ms: number } {
  const before = process.threadCpuUsage();
  const result = what();
  const { user, system } = process.threadCpuUsage(before);
  return { result, ms: (user + system) / 1_000 };
}

interface Checkpoint {
  readonly saveMs: number;
  readonly cloneMs: number;
  readonly state: EngineState;
}

/** What the engine's thread does for one: save, and the clone that `postMessage` makes. */
function checkpoint(): Checkpoint {
  const save = timed(() => ({ state: engine.save(), added: engine.takeSeen() }));
  const clone = timed(() => structuredClone(save.result));
  seen.push(...clone.result.added);
  return { saveMs: save.ms, cloneMs: clone.ms, state: clone.result.state };
}

function line(text: string): void {
  process.stdout.write(`${text}\n`);
}

function show(what: string, { saveMs, cloneMs }: Omit<Checkpoint, "state">): void {
  line(`${what}: save() ${saveMs.toFixed(1)} ms + structuredClone ${cloneMs.toFixed(1)} ms`);
}

// As ever, but for the first: what was added until then is taken now and then.
for (let second = 0; second < warmUpSeconds; second += CHECKPOINT_SECONDS) {
  applySeconds(CHECKPOINT_SECONDS);
  seen.push(...engine.takeSeen());
}
let last = checkpoint();
show(`first after ${warmUpSeconds} s`, last);
const following: Checkpoint[] = [];
for (let i = 0; i < CHECKPOINTS; i += 1) {
  applySeconds(CHECKPOINT_SECONDS);
  last = checkpoint();
  following.push(last);
}
const mean = (what: (each: Checkpoint) => number) =>
  following.reduce((sum, each) => sum + what(each), 0) / CHECKPOINTS;
show("following, mean", { saveMs: mean(({ saveMs }) => saveMs), cloneMs: mean(({ cloneMs }) => cloneMs) });
const total = ({ saveMs, cloneMs }: Checkpoint) => saveMs + cloneMs;
show(
  "following, slowest",
  following.reduce((slowest, each) => (total(each) > total(slowest) ? each : slowest)),
);
const { size, previous } = seenSizesOf(last.state);
const restored = timed(() => Engine.restore(last.state, seen, { trackSeen: true }));
line(
  `state ${(serialize(last.state).length / 1e6).toFixed(2)} MB without ${((size + previous) / 1e6).toFixed(2)} M keys of spans seen`,
);
line(`restored in ${restored.ms.toFixed(0)} ms from ${seen.length} chunks of keys`);

import { once } from "node:events";
import { createWriteStream, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import { swapEventJson } from "@slipstream/mev";
import { LEADER_SLOTS } from "./chain/slots.ts";
import type { SlotRecord } from "./engine/slot-record.ts";
import type { MevWorld } from "./world.ts";

export interface RecordingOptions {
  /**
   * The slots whose blocks are written: those around the desk's trades, or all of the stream. Default:
   * `trades`.
   */
  readonly blocks?: "all" | "trades" | "none" | undefined;
}

export interface Recording {
  readonly slots: number;
  readonly blocks: number;
  readonly trades: number;
  readonly attacks: number;
}

/**
 * Blocks at most this many slots away from the desk's transactions are written: a leader's turn on either
 * side.
 */
const AROUND_SLOTS = LEADER_SLOTS;

/**
 * Writes a world into a folder:
 * - `blocks/SLOT.json`: `getBlock` answers, `null` for skipped slots;
 * - `swaps.ndjson`: swap events in the format that `slipstream detect` reads;
 * - `trades.ndjson`: the desk's spans, `{name, startMs, endMs, attributes}`;
 * - `truth.ndjson`: the world, then the true trades and attacks.
 * @throws A file system error.
 */
export async function recordMevWorld(
  world: MevWorld,
  directory: string,
  { blocks = "trades" }: RecordingOptions = {},
): Promise<Recording> {
  mkdirSync(join(directory, "blocks"), { recursive: true });
  const [swaps, trades, truth] = ["swaps", "trades", "truth"].map(
    (name) => new Lines(join(directory, `${name}.ndjson`)),
  );
  if (swaps === undefined || trades === undefined || truth === undefined) throw new RangeError("no files");
  const { settings, firstSlot, leaders, pools, attackers } = world;
  await truth.write([{ type: "world", settings, firstSlot, leaders, pools, attackers }]);
  const wanted = blocks === "trades" ? aroundTrades(world) : new Set<number>();
  const counts = { slots: 0, blocks: 0, trades: 0, attacks: 0 };
  const writeBlock = (of: SlotRecord | number, slot: number): void => {
    writeFileSync(join(directory, "blocks", `${slot}.json`), `${JSON.stringify(world.block(of))}\n`);
    counts.blocks++;
  };
  for (const record of world.slots()) {
    if (wanted.delete(record.slot) || blocks === "all") writeBlock(record, record.slot);
    await swaps.write(record.swaps.map(swapEventJson));
    await trades.write(record.trades);
    await truth.write([...record.truths, ...record.attacks]);
    counts.slots++;
    counts.trades += record.truths.length;
    counts.attacks += record.attacks.length;
  }
  for (const slot of wanted) writeBlock(slot, slot);
  await truth.write([{ type: "totals", ...counts }]);
  await Promise.all([swaps, trades, truth].map((lines) => lines.close()));
  return counts;
}

/** Lines of JSON, written no faster than the disk accepts them. */
class Lines {
  readonly #stream: ReturnType<typeof createWriteStream>;
  readonly #done: Promise<void>;

  constructor(file: string) {
    this.#stream = createWriteStream(file);
    this.#done = finished(this.#stream);
    // Reported by `close`, or by the next write.
    this.#done.catch(() => {});
  }

  async write(lines: readonly object[]): Promise<void> {
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
    if (text !== "" && !this.#stream.write(text))
      await Promise.race([once(this.#stream, "drain"), this.#done]);
  }

  async close(): Promise<void> {
    this.#stream.end();
    await this.#done;
  }
}

/** The slots around the desk's transactions. */
function aroundTrades(world: MevWorld): Set<number> {
  const slots = new Set<number>();
  for (const { truths } of world.slots()) {
    for (const { slot } of truths) {
      if (slot === null) continue;
      for (let near = slot - AROUND_SLOTS; near <= slot + AROUND_SLOTS; near++) slots.add(near);
    }
  }
  return slots;
}

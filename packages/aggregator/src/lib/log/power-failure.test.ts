import { existsSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Disk, disk } from "./disk.ts";
import { LogCore } from "./log-core.ts";
import { REACHED_FILE } from "./reached.ts";
import { makeDirectory, readCore, removeDirectory, request, tick } from "./testing/folder.ts";

// The power fails: of what was not synced, the disk has some blocks and others not.

let directory: string;
beforeEach(() => {
  directory = makeDirectory();
});
afterEach(() => removeDirectory(directory));

const BLOCK = 512;

/** A disk whose power fails at one of the next calls. */
class MortalDisk implements Disk {
  /** Calls until then. */
  left: number;
  /** What is on the disk for certain. */
  readonly #synced: Map<string, Buffer>;
  #names: Set<string>;
  /** What the log said at each sync about how far it had come. */
  readonly #marks: Buffer[] = [];

  constructor(left: number, synced: Map<string, Buffer>) {
    this.left = left;
    this.#synced = synced;
    this.#names = new Set(synced.keys());
  }

  write(descriptor: number, pieces: readonly Uint8Array[], at: number): number {
    this.#call();
    return disk.write(descriptor, pieces, at);
  }

  sync(descriptor: number): void {
    this.#call();
    disk.sync(descriptor);
    const file = readlinkSync(`/proc/self/fd/${descriptor}`);
    this.#synced.set(basename(file), readFileSync(file));
    const mark = join(dirname(file), REACHED_FILE);
    if (existsSync(mark)) this.#marks.push(readFileSync(mark));
  }

  syncFolder(folder: string): void {
    this.#call();
    disk.syncFolder(folder);
    this.#names = new Set(readdirSync(folder));
  }

  /** Leaves in the folder what a disk may have of it. @param chance asked for each block, and whatever else may be so or so */
  fail(folder: string, chance: () => boolean): void {
    for (const name of readdirSync(folder)) {
      if (!name.endsWith(".segment")) continue;
      const file = join(folder, name);
      const synced = this.#synced.get(name) ?? Buffer.alloc(0);
      if (!this.#names.has(name) && chance()) rmSync(file);
      else writeFileSync(file, mixed(readFileSync(file), synced, chance));
    }
    // That is never synced, so it may be as it was at any time.
    const mark = join(folder, REACHED_FILE);
    const older = this.#marks.find(() => chance());
    if (!existsSync(mark)) return;
    if (chance()) rmSync(mark);
    else if (older !== undefined) writeFileSync(mark, chance() ? older : older.subarray(0, 20));
  }

  #call(): void {
    if (this.left-- === 0) throw new Error("the power failed");
  }
}

/** Each block as it was written last, or as it was when the file was synced. */
function mixed(written: Buffer, synced: Buffer, chance: () => boolean): Buffer {
  const size = chance() ? written.length : synced.length;
  const bytes = Buffer.alloc(size);
  for (let at = 0; at < size; at += BLOCK) {
    const from = chance() ? written : synced;
    bytes.set(from.subarray(at, Math.min(at + BLOCK, size)), at);
  }
  return bytes;
}

const group = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 6_000 })), {
  minLength: 1,
  maxLength: 4,
});
const life = fc.record({
  groups: fc.array(group, { maxLength: 8 }),
  calls: fc.nat(30),
  closes: fc.boolean(),
  segmentBytes: fc.constantFrom(1, 15_000, 1e9),
});

test("whatever the disk has: what was acknowledged is there, nothing else is wrong with the log, and it goes on", () => {
  fc.assert(
    fc.property(
      fc.array(life, { minLength: 1, maxLength: 4 }),
      fc.infiniteStream(fc.boolean()),
      (lives, chances) => {
        removeDirectory(directory);
        const folder = join(directory, "log");
        const chance = (): boolean => chances.next().value === true;
        const acknowledged = new Map<number, number>();
        const open = (segmentBytes: number, on: Disk = disk): LogCore => {
          const bounds = { atLeast: 0, checkAfter: 0, segmentBytes, segmentMs: 1e9, salvage: false };
          return new LogCore({ directory, ...bounds }, on);
        };
        let number = 0;
        for (const { groups, calls, closes, segmentBytes } of lives) {
          open(segmentBytes).close();
          const kept = readdirSync(folder).filter((name) => name.endsWith(".segment"));
          const mortal = new MortalDisk(
            calls,
            new Map(kept.map((name) => [name, readFileSync(join(folder, name))])),
          );
          let core: LogCore | undefined;
          try {
            core = open(segmentBytes, mortal);
            for (const sizes of groups) {
              const records = sizes.map((bytes) => (bytes === 0 ? tick(++number) : request(++number, bytes)));
              const first = core.append(records);
              for (const [index, { receivedMs }] of records.entries())
                acknowledged.set(first + index, receivedMs);
            }
          } catch (error) {
            expect(String(error)).toContain("the power failed");
            mortal.left = 0;
          }
          // Without its power, closing writes nothing more.
          if (!closes) mortal.left = 0;
          core?.close();
          mortal.fail(folder, chance);
          const again = open(segmentBytes);
          const records = readCore(again);
          const found = new Map(records.map(({ position, receivedMs }) => [position, receivedMs]));
          for (const [position, ms] of acknowledged) expect(found.get(position)).toBe(ms);
          expect([...found.keys()]).toEqual([...found.keys()].map((_, index) => index + 1));
          again.close();
        }
      },
    ),
    { numRuns: 30 },
  );
});

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { hasCode } from "@slipstream/conventions";
import { Desks } from "@slipstream/engine";
import type { FuzzTarget } from "@slipstream/testing/fuzz-target";
import { processFolder } from "@slipstream/testing/process-folder";
import { positionOf } from "../../log/position.ts";
import type { Checkpoint } from "../checkpoint.ts";
import { CheckpointTables } from "../checkpoint-tables.ts";
import { openStateFile, orUnusable } from "../state-file.ts";
import { damage } from "./damage.ts";
import { desksWithTraffic, duties, moreTraffic } from "./desks-with-traffic.ts";

// A state file with some of its bytes changed, or a saved state with some of its values changed. Of a file, a checkpoint is read
// as it was written, or not at all. A state is restored, or the parts of it that are not what was saved begin again. (Whether a
// number in it is the right one only the checksum says.)
//
// The first byte says which. Every four bytes after it are a place in the file and a byte to write there, or a place in the
// state and what to do to it.

const folder = processFolder();

const { whole, written } = stateFile();

function stateFile(): { whole: Buffer; written: readonly Checkpoint[] } {
  const file = join(folder, "whole.sqlite");
  const database = openStateFile(file);
  const tables = new CheckpointTables(database, Desks.readableParts);
  const desks = desksWithTraffic();
  let after: { format: number; position: Checkpoint["position"] } | undefined;
  for (const position of [10, 20].map(positionOf)) {
    tables.write({ position, state: desks.save(), seen: desks.takeSeen() }, after);
    after = tables.known().at(-1);
    for (const record of moreTraffic()) desks.apply(record);
  }
  const written = checkpointsOf(tables);
  database.close();
  return { whole: readFileSync(file), written };
}

function checkpointsOf(tables: CheckpointTables): readonly Checkpoint[] {
  return tables.known().flatMap((id) => tables.read(id) ?? []);
}

export const target: FuzzTarget = {
  seeds: () => [
    Buffer.of(0),
    Buffer.of(0, 0, 24, 9, 1, 16, 3, 0xff),
    ...Array.from({ length: 64 }, (_, i) => Buffer.of(1, i, i * 37, i, i)),
  ],
  tokens: [],
  run: (input) => {
    const edits = [...editsOf(input.subarray(1))];
    if ((input[0] ?? 0) % 2 === 0) readFile(edits);
    else restore(edits);
  },
};

/** Four bytes each. */
function* editsOf(input: Uint8Array): Generator<readonly [a: number, b: number, c: number, d: number]> {
  for (let at = 0; at + 4 <= input.length; at += 4) {
    const [a = 0, b = 0, c = 0, d = 0] = input.subarray(at, at + 4);
    yield [a, b, c, d];
  }
}

function readFile(edits: readonly (readonly [number, number, number, number])[]): void {
  const bytes = Buffer.from(whole);
  for (const [a, b, c, d] of edits) bytes[((a << 16) | (b << 8) | c) % bytes.length] = d;
  const file = join(folder, "changed.sqlite");
  writeFileSync(file, bytes);
  for (const { state, position } of readCheckpoints(file)) {
    // The keys of spans seen, which lie beside it, have no checksum.
    if (!written.some((before) => isDeepStrictEqual(before.state, state)))
      throw new Error(`checkpoint ${position} is read as it was not written`);
  }
}

function readCheckpoints(file: string): readonly Checkpoint[] {
  try {
    const database = openStateFile(file);
    try {
      return checkpointsOf(orUnusable(file, () => new CheckpointTables(database, Desks.readableParts)));
    } finally {
      database.close();
    }
  } catch (error) {
    if (hasCode(error, "state_corrupt", "state_version", "state_unusable")) return [];
    throw error;
  }
}

function restore(edits: readonly (readonly [number, number, number, number])[]): void {
  const { state, seen } = structuredClone(written[1] as Checkpoint);
  for (const [a, b, c, d] of edits) damage(state, (a << 8) | b, c, d);
  try {
    Desks.restore(state, seen, duties).save();
  } catch (error) {
    if (!hasCode(error, "state_corrupt")) throw error;
  }
}

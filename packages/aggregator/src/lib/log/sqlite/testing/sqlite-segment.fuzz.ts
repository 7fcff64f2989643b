import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { FuzzTarget } from "@slipstream/testing/fuzz-target";
import { processFolder } from "@slipstream/testing/process-folder";
import { newRecord } from "../../records/record-kind.ts";
import { tick } from "../../records/tick.ts";
import { traces } from "../../records/traces.ts";
import { changedBytes, expectWritten, readUnlessRefused } from "../../testing/changed-file.ts";
import { SqliteReader } from "../sqlite-reader.ts";
import { SqliteWriter } from "./sqlite-writer.ts";

// A segment of an earlier version with some bytes of its file changed: its records are read as they were written, or not at all. Every four
// bytes of the input are a place in the file and a byte to write there.

const folder = processFolder();

const RECORDS = 12;
const { whole, written } = segment();

function segment(): { whole: Buffer; written: readonly unknown[] } {
  const file = join(folder, "whole.sqlite");
  const writer = new SqliteWriter(file, 1);
  const body = Buffer.from('{"resourceSpans":[]}'.repeat(30));
  const records = Array.from({ length: RECORDS }, (_, index) =>
    index % 3 === 0
      ? newRecord(tick, 1_000 + index, undefined)
      : newRecord(traces, 1_000 + index, { format: "json", compression: "none", body }),
  );
  writer.append(1, records);
  writer.close();
  return { whole: readFileSync(file), written: recordsOf(file) };
}

function recordsOf(file: string): readonly unknown[] {
  const reader = SqliteReader.open({ file, first: 1 });
  if (reader === undefined) return [];
  try {
    return reader.page(0, RECORDS);
  } finally {
    reader.close();
  }
}

export const target: FuzzTarget = {
  seeds: () => [Buffer.alloc(0), Buffer.of(0, 0, 24, 9), Buffer.of(0, 16, 3, 0xff)],
  tokens: [],
  run: (input) => {
    const bytes = changedBytes(whole, input);
    const file = join(folder, "changed.sqlite");
    writeFileSync(file, bytes);
    expectWritten(readUnlessRefused(() => recordsOf(file)) ?? [], written);
  },
};

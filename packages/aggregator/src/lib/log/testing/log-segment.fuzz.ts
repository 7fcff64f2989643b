import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { FuzzTarget } from "@slipstream/testing/fuzz-target";
import { processFolder } from "@slipstream/testing/process-folder";
import { disk } from "../disk.ts";
import { sourceOf } from "../frames/byte-source.ts";
import { readHeader } from "../frames/file-header.ts";
import { FrameReader } from "../frames/frame-reader.ts";
import { FrameWriter } from "../frames/frame-writer.ts";
import { framesFrom } from "../frames/survey.ts";
import { newRecord } from "../records/record-kind.ts";
import { tick } from "../records/tick.ts";
import { traces } from "../records/traces.ts";
import type { StoredRecord } from "../stored.ts";
import { changedBytes, expectWritten, readUnlessRefused } from "./changed-file.ts";

// A segment of the log with some bytes of its file changed, or cut off: its records are read as they were written, or not at all. Every
// four bytes of the input are a place in the file and a byte to write there; an odd byte at the end cuts the file off at its share.

const folder = processFolder();

const GROUPS = 4;
const { whole, written } = segment();

function segment(): { whole: Buffer; written: readonly StoredRecord[] } {
  const file = join(folder, "whole.segment");
  const writer = FrameWriter.create(file, folder, 1, 0, disk);
  const body = Buffer.from('{"resourceSpans":[]}'.repeat(30));
  const groups = Array.from({ length: GROUPS }, (_, group) => [
    newRecord(tick, 1_000 + group, undefined),
    newRecord(traces, 1_000 + group, { format: "json", compression: "none", body }),
    newRecord(traces, 1_000 + group, { format: "protobuf", compression: "gzip", body: body.subarray(group) }),
  ]);
  for (const [index, records] of groups.entries()) writer.append(1 + 3 * index, records);
  writer.close();
  return { whole: readFileSync(file), written: recordsOf(file).records };
}

function recordsOf(file: string): { readonly records: readonly StoredRecord[]; readonly isDamaged: boolean } {
  const reader = FrameReader.open({ file, first: 1, layout: "frames" });
  if (reader === undefined) return { records: [], isDamaged: false };
  try {
    const { last, rest } = reader.survey(0);
    return { records: reader.page(0, last), isDamaged: rest === "damaged" };
  } finally {
    reader.close();
  }
}

export const target: FuzzTarget = {
  seeds: () => [Buffer.alloc(0), Buffer.of(0, 0, 24, 9), Buffer.of(0, 16, 3, 0xff), Buffer.of(0x80)],
  tokens: [],
  run: (input) => {
    let bytes = changedBytes(whole, input);
    if (input.length % 2 === 1) bytes = bytes.subarray(0, (bytes.length * (input.at(-1) ?? 0)) >> 8);
    const file = join(folder, "changed.segment");
    writeFileSync(file, bytes);
    const found = readUnlessRefused(() => recordsOf(file));
    if (found === undefined) return;
    expectWritten(found.records, written);
    if (!found.isDamaged) expectNothingBehind(bytes, found.records.length);
  },
};

/** What is taken for a torn end has no record behind it that was only written after those before it were on the disk. */
function expectNothingBehind(bytes: Buffer, records: number): void {
  const header = readHeader(sourceOf(bytes));
  if (typeof header === "string") return;
  for (const { frame } of framesFrom(sourceOf(bytes), header.salt, 0))
    if (frame.type === "record" && frame.position - frame.inGroup > records + 1)
      throw new Error(`position ${frame.position} is taken for unacknowledged, behind ${records} records`);
}

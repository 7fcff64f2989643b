import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { NewRecord } from "../log.ts";
import { newRecord } from "../records/record-kind.ts";
import { tick } from "../records/tick.ts";
import { sourceOf } from "./byte-source.ts";
import { encodeHeader, FRAMES_AT, newHeader, readHeader } from "./file-header.ts";
import { encodeEnd, encodeGroup, type Salt } from "./frame.ts";
import { FrameCursor } from "./frame-cursor.ts";
import { type Survey, survey } from "./survey.ts";

const name = fc.string({ maxLength: 30 });
const record: fc.Arbitrary<NewRecord> = fc.record({
  kind: name,
  receivedMs: fc.double({ noNaN: true }),
  format: fc.option(name, { nil: null }),
  compression: fc.option(name, { nil: null }),
  body: fc.uint8Array({ maxLength: 300 }),
});
const groups = fc.array(fc.array(record, { minLength: 1, maxLength: 5 }), { maxLength: 5 });
const FIRST = 41;

interface Segment {
  readonly bytes: Buffer;
  readonly salt: Salt;
  readonly records: readonly NewRecord[];
  /** Where each record and each group ends, in the file. */
  readonly ends: readonly number[];
  readonly groupEnds: readonly number[];
}

function segmentOf(written: readonly (readonly NewRecord[])[], isComplete = false): Segment {
  const header = newHeader(FIRST, { previous: FIRST - 1, through: null, lost: 0 });
  const records = written.flat();
  const pieces: Uint8Array[] = [encodeHeader(header)];
  const ends: number[] = [];
  const groupEnds: number[] = [];
  let at = FRAMES_AT;
  let position = FIRST;
  for (const group of written) {
    for (const one of group) {
      at += Buffer.concat(encodeGroup([one], position, header.salt)).length;
      ends.push(at);
    }
    groupEnds.push(at);
    pieces.push(...encodeGroup(group, position, header.salt));
    position += group.length;
  }
  const end = {
    last: position - 1,
    count: records.length,
    fromMs: records[0]?.receivedMs,
    toMs: records.at(-1)?.receivedMs,
  };
  if (isComplete) pieces.push(encodeEnd(end, header.salt));
  return { bytes: Buffer.concat(pieces), salt: header.salt, records, ends, groupEnds };
}

function read(bytes: Uint8Array): { survey: Survey; records: object[] } | undefined {
  const source = sourceOf(bytes);
  const header = readHeader(source);
  if (typeof header === "string") return undefined;
  const found = survey(source, header, 0);
  const cursor = new FrameCursor(source, header.salt, FRAMES_AT);
  const records: object[] = [];
  while (cursor.offset < found.endsAt) {
    const frame = cursor.head();
    const body = frame && cursor.body(frame);
    if (frame === undefined || body === undefined) throw new Error("what was found cannot be read");
    const { position, kind, receivedMs, format, compression } = frame;
    records.push({ position, kind, receivedMs, format, compression, body: [...body] });
    cursor.skip(frame);
  }
  return { survey: found, records };
}

const stored = (records: readonly NewRecord[]): object[] =>
  records.map((one, index) => ({ ...one, position: FIRST + index, body: [...one.body] }));

test("any records in any groups come back as they were written, and a complete segment is complete", () => {
  fc.assert(
    fc.property(groups, fc.boolean(), (written, isComplete) => {
      const { bytes, records } = segmentOf(written, isComplete);
      const found = read(bytes);
      expect(found?.records).toEqual(stored(records));
      expect(found?.survey).toMatchObject({
        last: FIRST + records.length - 1,
        count: records.length,
        isComplete,
        rest: "nothing",
        fromMs: records[0]?.receivedMs,
        toMs: records.at(-1)?.receivedMs,
      });
    }),
  );
});

test("bodies of any size", () => {
  for (const size of [0, 1, 4_096, 4_097, 262_144, 262_145, 3_000_000]) {
    const body = new Uint8Array(size).fill(7);
    const { bytes, records } = segmentOf([[{ ...newRecord(tick, 1, undefined), body }]]);
    expect(read(bytes)?.records).toEqual(stored(records));
  }
});

test("cut at every byte: the records before it come back, and the rest is taken for one that nobody was told of", () => {
  fc.assert(
    fc.property(groups, (written) => {
      const { bytes, records, ends } = segmentOf(written);
      for (let length = FRAMES_AT; length <= bytes.length; length++) {
        const found = read(bytes.subarray(0, length));
        const whole = ends.filter((end) => end <= length).length;
        expect(found?.records).toEqual(stored(records.slice(0, whole)));
        expect(found?.survey.rest).toBe(length === (ends[whole - 1] ?? FRAMES_AT) ? "nothing" : "torn");
      }
    }),
    { numRuns: 6 },
  );
});

describe("any bit that is flipped", () => {
  const flip = (bytes: Buffer, bit: number): Buffer => {
    const changed = Buffer.from(bytes);
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    return changed;
  };

  test("gives no wrong record; in a group that is followed by another it is damage, in the last one it looks torn", () => {
    fc.assert(
      fc.property(groups, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (written, share) => {
        const { bytes, records, ends, groupEnds } = segmentOf(written);
        fc.pre(bytes.length > FRAMES_AT);
        const place = FRAMES_AT + Math.floor(share * (bytes.length - FRAMES_AT));
        const found = read(flip(bytes, place * 8 + (place % 8)));
        const sound = ends.filter((end) => end <= place).length;
        expect(found?.records).toEqual(stored(records.slice(0, sound)));
        const isLast = place >= (groupEnds.at(-2) ?? FRAMES_AT);
        expect(found?.survey.rest).toBe(isLast ? "torn" : "damaged");
      }),
      { numRuns: 150 },
    );
  });

  test("in a complete segment is always damage, but for what only its end says", () => {
    fc.assert(
      fc.property(groups, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (written, share) => {
        const { bytes, ends } = segmentOf(written, true);
        fc.pre(ends.length > 0);
        const last = ends.at(-1) ?? FRAMES_AT;
        const place = FRAMES_AT + Math.floor(share * (last - FRAMES_AT));
        expect(read(flip(bytes, place * 8 + (place % 8)))?.survey.rest).toBe("damaged");
      }),
      { numRuns: 100 },
    );
  });

  test("of the header is made up for by its copy", () => {
    const { bytes, records } = segmentOf([[newRecord(tick, 5, undefined)]]);
    for (let bit = 0; bit < 72 * 8; bit++) {
      expect(read(flip(bytes, bit))?.records).toEqual(stored(records));
      expect(read(flip(bytes, bit + 4_096 * 8))?.records).toEqual(stored(records));
    }
  });
});

test("parts of the last group in any order: what the disk had not taken yet is never mistaken for damage", () => {
  fc.assert(
    fc.property(groups, fc.array(fc.boolean(), { minLength: 60, maxLength: 60 }), (written, kept) => {
      const { bytes, groupEnds, ends } = segmentOf(written);
      const from = groupEnds.at(-2) ?? FRAMES_AT;
      const changed = Buffer.from(bytes);
      // As blocks of a disk, but smaller: each is as it was written, or as it was before, zeros.
      for (const [index, isKept] of kept.entries())
        if (!isKept) changed.subarray(from + index * 32, from + (index + 1) * 32).fill(0);
      const found = read(changed);
      expect(found?.survey.rest).not.toBe("damaged");
      expect(found?.records.length).toBeGreaterThanOrEqual(ends.filter((end) => end <= from).length);
    }),
  );
});

test("a body that looks like frames of another segment is only a body", () => {
  fc.assert(
    fc.property(groups, fc.nat(), (written, cut) => {
      const other = segmentOf([...written, [newRecord(tick, 1, undefined)], [newRecord(tick, 2, undefined)]]);
      const { bytes } = segmentOf([[{ ...newRecord(tick, 1, undefined), body: other.bytes }]]);
      const torn = read(bytes.subarray(0, bytes.length - 1 - (cut % other.bytes.length)));
      expect(torn?.survey.rest).toBe("torn");
      expect(torn?.records).toEqual([]);
    }),
  );
});

test("what was acknowledged and cannot be read is damage, wherever it is", () => {
  const { bytes, salt } = segmentOf([[newRecord(tick, 1, undefined), newRecord(tick, 2, undefined)]]);
  const header = { ...newHeader(FIRST, { previous: FIRST - 1, through: null, lost: 0 }), salt };
  const torn = sourceOf(bytes.subarray(0, bytes.length - 1));
  expect(survey(torn, header, FIRST).rest).toBe("torn");
  expect(survey(torn, header, FIRST + 1).rest).toBe("damaged");
  expect(survey(torn, header, 0).rest).toBe("torn");
});

test("a name that is too long is refused, and not cut off", () => {
  const { salt } = newHeader(1, { previous: 0, through: null, lost: 0 });
  const long = { ...newRecord(tick, 1, undefined), kind: "k".repeat(255) };
  expect(() => encodeGroup([long], 1, salt)).toThrow(RangeError);
});

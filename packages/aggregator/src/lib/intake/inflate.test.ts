import { randomBytes } from "node:crypto";
import { constants, gzipSync, type ZstdOptions, zstdCompressSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { inflateAll } from "../compression/compression.ts";
import { Turns } from "../pipeline/turns.ts";
import { HttpError } from "../server/http-error.ts";
import { FREE_BYTES, Inflater, MAX_RATIO } from "./inflate.ts";

const inflater = new Inflater(20_000_000, new Turns(5));

async function outcome(body: Buffer, compression: "gzip" | "zstd"): Promise<string> {
  try {
    return (await inflater.inflate(body, compression)).toString("latin1").slice(0, 100);
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    expect(error.message).toMatch(/^The .*\.$/);
    return `${error.status} ${error.code}`;
  }
}

const zstd = (text: string | Buffer, options?: ZstdOptions): Buffer =>
  zstdCompressSync(Buffer.from(text), options);
const skippable = (bytes: number, kind = 0): Buffer => {
  const frame = Buffer.alloc(8 + bytes, 0x61);
  frame.writeUInt32LE(0x184d2a50 + kind, 0);
  frame.writeUInt32LE(bytes, 4);
  return frame;
};
const checked: ZstdOptions = { params: { [constants.ZSTD_c_checksumFlag]: 1 } };
const noSize: ZstdOptions = { params: { [constants.ZSTD_c_contentSizeFlag]: 0 } };
const window = (log: number): ZstdOptions => ({ params: { [constants.ZSTD_c_windowLog]: log } });

describe("zstd", () => {
  test.each<[string, Buffer, string]>([
    ["a frame", zstd("one"), "one"],
    ["nothing in a frame", zstd(""), ""],
    [
      "several frames, with checksums and without sizes",
      Buffer.concat([zstd("a", checked), zstd("b", noSize), zstd("c")]),
      "abc",
    ],
    [
      "frames that say nothing",
      Buffer.concat([skippable(5), zstd("a"), skippable(0, 15), zstd("b"), skippable(3)]),
      "ab",
    ],
    ["a window of 8 MiB", zstd("w".repeat(200), window(23)), "w".repeat(100)],
    ["no frame", Buffer.from("no frame"), "400 bad_zstd"],
    ["a frame that is cut", zstd("one two three").subarray(0, -3), "400 bad_zstd"],
    [
      "a second frame that is cut",
      Buffer.concat([zstd("a"), zstd("bbbbbb").subarray(0, -2)]),
      "400 bad_zstd",
    ],
    ["something behind the frame", Buffer.concat([zstd("a"), Buffer.from("xyz")]), "400 bad_zstd"],
    [
      "a skippable frame that is cut",
      Buffer.concat([zstd("a"), skippable(9).subarray(0, -1)]),
      "400 bad_zstd",
    ],
    ["a window of 16 MiB", zstd(randomBytes(9_000_000), window(24)), "400 bad_zstd"],
    ["64 frames and more", Buffer.concat(new Array<Buffer>(65).fill(zstd("a"))), "400 bad_zstd"],
    ["a bomb", zstd(Buffer.alloc(50_000_000)), "413 too_large"],
    [
      "a bomb of several frames",
      Buffer.concat(new Array<Buffer>(30).fill(zstd(Buffer.alloc(1_000_000)))),
      "413 too_large",
    ],
  ])("%s", async (_, body, wanted) => {
    expect(await outcome(body, "zstd")).toBe(wanted);
  });

  test("what was taken is read from the log again", async () => {
    const body = Buffer.concat([zstd("a"), skippable(2), zstd("b".repeat(100_000))]);
    const inflated = await inflater.inflate(body, "zstd");
    expect(Buffer.from(inflateAll(body, "zstd")).equals(inflated)).toBe(true);
    expect(() => inflateAll(body.subarray(0, 30), "zstd")).toThrow("in the middle of a frame");
  });
});

describe("gzip", () => {
  test.each<[string, Buffer, string]>([
    ["members one after the other", Buffer.concat([gzipSync("a"), gzipSync("b")]), "ab"],
    ["a member that is cut", Buffer.concat([gzipSync("a"), gzipSync("bcd").subarray(0, 12)]), "400 bad_gzip"],
    ["nothing", Buffer.alloc(0), "400 bad_gzip"],
  ])("%s", async (_, body, wanted) => {
    expect(await outcome(body, "gzip")).toBe(wanted);
  });

  test("the ratio is bounded, whatever the size", async () => {
    const dense = gzipSync(Buffer.alloc(FREE_BYTES + 1_000_000));
    expect(dense.length * MAX_RATIO.gzip).toBeLessThan(1_000_000);
    expect(await outcome(dense, "gzip")).toBe("413 too_large");
    const free = gzipSync(Buffer.alloc(FREE_BYTES, "a"));
    expect(await outcome(free, "gzip")).toBe("a".repeat(100));
    expect(await outcome(gzipSync(Buffer.alloc(21_000_000)), "gzip")).toBe("413 too_large");
  });

  test("batches that repeat as much as honest ones do are far from the bound", async () => {
    const trace = Array.from({ length: 40 }, (_, line) => `    at run (/srv/desk/lib/a.js:${line}:7)`).join(
      "\n",
    );
    const spans = Array.from({ length: 2_000 }, () => ({
      traceId: randomBytes(16).toString("hex"),
      spanId: randomBytes(8).toString("hex"),
      events: [1, 2, 3].map(() => ({
        attributes: [{ key: "exception.stacktrace", value: { stringValue: trace } }],
      })),
    }));
    const body = Buffer.from(JSON.stringify(spans));
    for (const [compression, bytes] of [
      ["gzip", gzipSync(body)],
      ["zstd", zstd(body)],
    ] as const) {
      expect(body.length / bytes.length).toBeLessThan(MAX_RATIO[compression] / 2);
      expect((await inflater.inflate(bytes, compression)).equals(body)).toBe(true);
    }
  });
});

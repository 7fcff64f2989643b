import fc from "fast-check";
import { expect, test } from "vitest";
import { readAnswer } from "./read-answer.ts";
import { readRequest } from "./read-request.ts";
import { planted, secrets } from "./testing/planted.ts";
import { hosts } from "./testing/transactions.ts";
import type { VenueAnswer, VenueRequest } from "./venue.ts";

/** All that the readers say, as text. */
function told(request: VenueRequest, answer: VenueAnswer): string {
  const calls = readRequest(request, hosts);
  const outcomes = readAnswer(calls, answer);
  expect(outcomes).toHaveLength(calls.length);
  return JSON.stringify([calls, outcomes], (_, value: unknown) =>
    typeof value === "bigint" ? `${value}n` : value,
  );
}

test.each(planted.map(({ request, answer }) => [String(request.url).slice(0, 60), request, answer] as const))(
  "%s: no secret is told, whether the answer is a value or a text",
  (_, request, answer) => {
    for (const body of [answer.body, JSON.stringify(answer.body)]) {
      const text = told(request, { ...answer, body });
      expect(readRequest(request, hosts)).toHaveLength(1);
      for (const secret of secrets) expect(text).not.toContain(secret);
    }
  },
);

/** A text with some of its characters changed, cut out or doubled. */
const mutated = (text: string): fc.Arbitrary<string> =>
  fc
    .array(
      fc.tuple(
        fc.nat(text.length),
        fc.nat(12),
        fc.constantFrom("", '"', "{", "]", "9", "null", ":", "-1e400", "\\"),
      ),
      {
        minLength: 1,
        maxLength: 5,
      },
    )
    .map((changes) =>
      changes.reduce(
        (changed, [at, length, put]) => changed.slice(0, at) + put + changed.slice(at + length),
        text,
      ),
    );

test("whatever comes, readers do not throw, and tell no secret", () => {
  const pairs = planted.map(({ request, answer }) => ({
    request,
    answer,
    text: JSON.stringify(answer.body),
  }));
  fc.assert(
    fc.property(
      fc.constantFrom(...pairs).chain(({ request, answer, text }) =>
        fc.record({
          request: fc.oneof(
            fc.constant(request),
            mutated(request.body ?? "").map((body) => ({ ...request, body })),
          ),
          body: fc.oneof(mutated(text), fc.constant(answer.body), fc.jsonValue()),
          status: fc.constantFrom(undefined, 200, 400, 429, 503),
        }),
      ),
      ({ request, body, status }) => {
        const text = told(request, { status, body });
        for (const secret of secrets) expect(text).not.toContain(secret);
      },
    ),
    { numRuns: 3_000 },
  );
});

test("an answer of any other shape is no error of ours", () => {
  const hostile = {
    get result(): never {
      throw new Error("a getter of the service");
    },
  };
  for (const { request } of planted) {
    for (const body of [null, 7, [], [[]], "", hostile, new Map(), Symbol("x")]) {
      expect(() => readAnswer(readRequest(request, hosts), { status: 200, body })).not.toThrow();
    }
  }
});

test("a header that cannot be looked up is no error of ours", () => {
  const [first] = planted;
  const header = (): never => {
    throw new Error("headers are gone");
  };
  const request = {
    ...first?.request,
    url: "https://mainnet.block-engine.jito.wtf/api/v1/transactions",
    method: "POST",
  };
  const calls = readRequest(request, hosts);
  expect(readAnswer(calls, { status: 200, body: { id: 1, result: "x" }, header })).toHaveLength(1);
});

test("deep nesting is read, and of a long batch its beginning", () => {
  const deep = `{"jsonrpc":"2.0","id":1,"method":"getSlot","params":${"[".repeat(100_000)}${"]".repeat(100_000)}}`;
  const long = `[${Array.from({ length: 20_000 }, (_, id) => `{"id":${id},"method":"getSlot"}`).join(",")}]`;
  const read = [deep, long].map((body) =>
    readRequest({ method: "POST", url: "https://node.example/", body }, hosts),
  );
  expect(read.map(({ length }) => length)).toEqual([1, 256]);
});

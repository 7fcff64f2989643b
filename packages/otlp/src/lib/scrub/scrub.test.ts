import { messageType } from "@slipstream/testing/otlp-schema";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeBatch } from "../decode/decode.ts";
import type { OtlpFormat } from "../decode/model.ts";
import { ProtobufWriter } from "../encode/protobuf-writer.ts";
import { scrub, scrubSteps } from "./scrub.ts";

const KEY = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";

const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });
const list = (key: string, ...items: string[]) => ({
  key,
  value: { arrayValue: { values: items.map((stringValue) => ({ stringValue })) } },
});
const map = (key: string, ...values: object[]) => ({ key, value: { kvlistValue: { values } } });

interface Parts {
  readonly resource?: object[];
  readonly attributes?: object[];
  readonly span?: object;
  readonly scope?: object;
}

function traces({ resource = [], attributes = [], span = {}, scope = {} }: Parts): object {
  return {
    resourceSpans: [
      {
        resource: { attributes: [text("service.name", "desk"), ...resource] },
        scopeSpans: [
          {
            scope,
            spans: [
              {
                traceId: "0102030405060708090a0b0c0d0e0f10",
                spanId: "0102030405060708",
                name: "trade.execute",
                startTimeUnixNano: "1700000000000000000",
                endTimeUnixNano: "1700000000100000000",
                attributes: [text("trade.status", "success"), ...attributes, text("trade.pair", "SOL/USDC")],
                ...span,
              },
            ],
          },
        ],
      },
    ],
  };
}

function metrics(point: object, metric: object = {}): object {
  const dataPoints = [{ timeUnixNano: "1700000000000000000", asDouble: 1, ...point }];
  return {
    resourceMetrics: [
      { resource: {}, scopeMetrics: [{ metrics: [{ name: "m", gauge: { dataPoints }, ...metric }] }] },
    ],
  };
}

type Kind = "traces" | "metrics";
const requestTypes = { traces: "TracesRequest", metrics: "MetricsRequest" };

function encoded(kind: Kind, request: object, format: OtlpFormat): Buffer {
  if (format === "json") return Buffer.from(JSON.stringify(request));
  const type = messageType(requestTypes[kind]);
  return Buffer.from(type.encode(type.fromObject(withBinaryIds(request) as object)).finish());
}

/** Ids are hexadecimal in OTLP/JSON, and bytes in protobuf. */
function withBinaryIds(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withBinaryIds);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      name,
      /^(?:trace|span)Id$/.test(name) ? Buffer.from(String(item), "hex") : withBinaryIds(item),
    ]),
  );
}

const formats: readonly OtlpFormat[] = ["protobuf", "json"];
const url = `https://rpc.example/?api-key=${KEY}`;
const secrets: readonly (readonly [string, Kind, object])[] = [
  ["the query of a URL", "traces", traces({ attributes: [text("url.full", url)] })],
  ["a user and password", "traces", traces({ attributes: [text("http.url", `https://u:${KEY}@h/`)] })],
  [
    "a path of a known provider",
    "traces",
    traces({ attributes: [text("url.full", `https://a.g.alchemy.com/v2/${KEY}`)] }),
  ],
  ["a path by itself", "traces", traces({ attributes: [text("url.path", `/${KEY}/`)] })],
  ["a query by itself", "traces", traces({ attributes: [text("url.query", `a=1&key=${KEY}`)] })],
  [
    "a header",
    "traces",
    traces({ attributes: [list("http.request.header.authorization", "Bearer x", KEY)] }),
  ],
  [
    "a header as one text",
    "traces",
    traces({ attributes: [text("http.request.header.cookie", `a=${KEY}`)] }),
  ],
  ["an attribute of its own", "traces", traces({ attributes: [text("app.helius_api_key", KEY)] })],
  [
    "a map in a secret attribute",
    "traces",
    traces({ attributes: [map("password", text("a", KEY), map("b", text("c", KEY)))] }),
  ],
  ["an attribute in a map", "traces", traces({ attributes: [map("config", text("apiKey", KEY))] })],
  [
    "a command line",
    "traces",
    traces({ resource: [text("process.command_line", `node bot.js --token ${KEY}`)] }),
  ],
  ["arguments", "traces", traces({ resource: [list("process.command_args", "node", "--token", KEY)] })],
  ["the name of a span", "traces", traces({ span: { name: `GET ${url}` } })],
  ["the status", "traces", traces({ span: { status: { code: 2, message: `failed: ${url}` } } })],
  ["trace state", "traces", traces({ span: { traceState: `token=${KEY}` } })],
  [
    "an exception",
    "traces",
    traces({
      span: {
        events: [
          {
            name: "exception",
            attributes: [
              text("exception.message", `401 from ${url}`),
              text("exception.stacktrace", `Error: 401\n    at fetch (${url}:1:2)\n`),
            ],
          },
          { name: url, attributes: [] },
        ],
      },
    }),
  ],
  [
    "a link",
    "traces",
    traces({
      span: {
        links: [{ traceId: "01".repeat(16), spanId: "01".repeat(8), attributes: [text("url.full", url)] }],
      },
    }),
  ],
  ["a scope", "traces", traces({ scope: { name: "s", attributes: [text("secret", KEY)] } })],
  ["a point's attribute", "metrics", metrics({ attributes: [text("url.full", url)] })],
  [
    "an exemplar",
    "metrics",
    metrics({ exemplars: [{ asDouble: 1, filteredAttributes: [text("token", KEY)] }] }),
  ],
  ["a metric's description", "metrics", metrics({}, { description: url })],
];

describe.each(formats)("in %s", (format) => {
  test.each(secrets)("a secret in %s is overwritten, and nothing else", (_, kind, request) => {
    const body = encoded(kind, request, format);
    const before = Buffer.from(body);
    expect(body.includes(KEY)).toBe(true);
    expect(scrub(kind, body, format)).toBe(true);
    expect(body.includes(KEY.slice(0, 8))).toBe(false);
    expect(body).toHaveLength(before.length);
    const [seen, counted] = [decodeBatch(kind, body, format), decodeBatch(kind, before, format)];
    if ("spans" in seen && "spans" in counted) {
      expect(seen.spans.length).toBe(counted.spans.length);
      expect(seen.refusals).toEqual(counted.refusals);
    }
    // A second time finds nothing new.
    const once = Buffer.from(body);
    scrub(kind, body, format);
    expect(body).toEqual(once);
  });

  test("a body without secrets is not touched", () => {
    const attributes = [
      text("solana.signature", "5".repeat(88)),
      text("url.full", "https://quote-api.jup.ag/v6/quote?inputMint=So11&amount=1"),
      text("trade.token_in", "So11111111111111111111111111111111111111112"),
      text("db.query.text", "SELECT * FROM trades WHERE pair = $1"),
    ];
    const body = encoded("traces", traces({ attributes }), format);
    const before = Buffer.from(body);
    expect(scrub("traces", body, format)).toBe(false);
    expect(body).toEqual(before);
  });

  test("letters of several bytes stay whole", () => {
    const attributes = [
      text("exception.message", `à=ü password=ß\u00a0à${KEY}é ✓`),
      text("url.full", "https://é:é@h/"),
    ];
    const body = encoded("traces", traces({ attributes }), format);
    scrub("traces", body, format);
    expect(() =>
      new TextDecoder("utf-8", { fatal: true }).decode(format === "json" ? body : Buffer.alloc(0)),
    ).not.toThrow();
    expect(decodeBatch("traces", body, format)).toMatchObject({ spans: [{ name: "trade.execute" }] });
  });
});

test.each([
  String.raw`https:\/\/rpc.example\/?api-key=${KEY}`,
  String.raw`https://rpc.example/?a=1\u0026api-key=${KEY}\u0026b=2`,
  String.raw`https://rpc.example/?api-key\u003d${KEY}`,
  String.raw`\u0068ttps://u:${KEY}@h/`,
  String.raw`{\"apiKey\":\"${KEY}\"}`,
])("JSON's escapes: %s", (written) => {
  const value = JSON.parse(`"${written}"`);
  const request = JSON.stringify(traces({ attributes: [text("url.full", "PLACE")] })).replace(
    "PLACE",
    () => written,
  );
  expect(request).toContain(written);
  const body = Buffer.from(request);
  expect(scrub("traces", body, "json")).toBe(true);
  expect(body.includes(KEY)).toBe(false);
  const decoded = JSON.parse(body.toString());
  expect(JSON.stringify(decoded)).not.toContain(KEY);
  expect(value).toContain(KEY);
});

test("a text in base64 is searched too", () => {
  const bytesValue = Buffer.from(`{"password":"${KEY}"}`).toString("base64");
  const body = Buffer.from(JSON.stringify(traces({ attributes: [{ key: "body", value: { bytesValue } }] })));
  expect(scrub("traces", body, "json")).toBe(true);
  expect(body.includes(bytesValue)).toBe(false);
});

test.each(formats)("a key pair is found whatever its attribute is called, in %s", (format) => {
  const pair = `[${Array.from({ length: 64 }, (_, at) => (at * 37 + 11) % 256).join(",")}]`;
  // Wherever it stands in the body.
  for (let before = 0; before < 130; before += 13) {
    const attributes = [text("a", "x".repeat(before)), text("data", pair), text("desk", "a:hunter2@host")];
    const body = encoded("traces", traces({ attributes }), format);
    expect(scrub("traces", body, format)).toBe(true);
    expect(body.includes("11,48,85")).toBe(false);
    expect(body.includes("hunter2")).toBe(false);
  }
});

test("base64 stays base64, and the value may come before its key", () => {
  const bytesValue = Buffer.from(KEY).toString("base64");
  const attribute = { value: { bytesValue }, key: "password" };
  const body = Buffer.from(JSON.stringify(traces({ attributes: [attribute] })));
  scrub("traces", body, "json");
  expect(body.includes(bytesValue)).toBe(false);
  expect(body.toString()).toContain(`"${"A".repeat(bytesValue.length)}"`);
});

test("whatever the bytes, it ends, keeps the length, and reads nothing beyond", () => {
  const start = encoded(
    "traces",
    traces({ attributes: [text("url.full", url), list("a", "--token", KEY)] }),
    "protobuf",
  );
  const changed = fc.array(fc.tuple(fc.nat(start.length - 1), fc.nat(255)), { maxLength: 6 });
  fc.assert(
    fc.property(
      fc.oneof(fc.uint8Array({ maxLength: 200 }), changed),
      fc.constantFrom(...formats),
      (given, format) => {
        const body = Array.isArray(given) ? Buffer.from(start) : Buffer.from(given as Uint8Array);
        if (Array.isArray(given)) for (const [at, byte] of given as [number, number][]) body[at] = byte;
        const { length } = body;
        scrub("traces", body, format);
        expect(body).toHaveLength(length);
      },
    ),
  );
});

// Protobuf by hand.
function field(number: number, content: Uint8Array): Buffer {
  const writer = new ProtobufWriter();
  writer.bytes((number << 3) | 2, content);
  return Buffer.from(writer.view());
}
const attribute = (key: string, value: Buffer): Buffer =>
  Buffer.concat([field(1, Buffer.from(key)), field(2, value)]);
const spanOf = (...fields: Buffer[]): Buffer => field(1, field(2, field(2, Buffer.concat(fields))));

/** A span with an attribute whose value is a map in a map, and so on, and a secret in the innermost one. */
function deepMap(levels: number, format: OtlpFormat): Buffer {
  if (format === "json") {
    let value: object = { stringValue: url };
    for (let level = 0; level < levels; level++) value = { kvlistValue: { values: [{ key: "a", value }] } };
    return encoded("traces", traces({ attributes: [{ key: "a", value }] }), format);
  }
  let value = field(1, Buffer.from(url));
  for (let level = 0; level < levels; level++) value = field(6, field(1, attribute("a", value)));
  return spanOf(field(9, attribute("a", value)));
}

describe.each(formats)("in %s", (format) => {
  test.each([1, 31, 32, 33, 34, 40, 500])(
    "a secret does not stay however deep it stands: %i levels",
    (levels) => {
      const body = deepMap(levels, format);
      const before = JSON.stringify(decodeBatch("traces", body, format));
      const { length } = body;
      expect(scrub("traces", body, format)).toBe(true);
      expect(body.includes(KEY)).toBe(false);
      expect(body).toHaveLength(length);
      expect(JSON.stringify(decodeBatch("traces", body, format))).toBe(before);
      const once = Buffer.from(body);
      scrub("traces", body, format);
      expect(body).toEqual(once);
    },
  );
});

test("what nests too deep becomes a text in JSON, and the rest of the value stays", () => {
  const body = deepMap(40, "json");
  scrub("traces", body, "json");
  let value = JSON.parse(body.toString()).resourceSpans[0].scopeSpans[0].spans[0].attributes[1].value;
  let levels = 0;
  for (; Array.isArray(value?.kvlistValue?.values); levels++) value = value.kvlistValue.values[0].value;
  expect(levels).toBeGreaterThanOrEqual(31);
  expect(levels).toBeLessThan(40);
  expect(body.toString()).toMatch(/\*{64}/);
});

test("what is no protobuf and is not read does not hide what comes after it", () => {
  const bad = Buffer.from("\x0ftoken=");
  const body = spanOf(
    field(11, bad),
    field(9, attribute("unknown", bad)),
    field(9, attribute("url.full", field(1, Buffer.from(url)))),
  );
  expect(() => decodeBatch("traces", body, "protobuf")).not.toThrow();
  expect(scrub("traces", body, "protobuf")).toBe(true);
  expect(body.includes(KEY)).toBe(false);
});

test("a letter written as an escape has only the texts around it searched", () => {
  const values = Array.from({ length: 200_000 }, () => ({ stringValue: "plain" }));
  const many = { key: "note", value: { arrayValue: { values } } };
  const body = encoded("traces", traces({ attributes: [many, text("trade.pair", "A-B")] }), "json");
  const plain = stepsOf(body, "json");
  const escaped = Buffer.from(body.toString().replace("A-B", String.raw`A\u0026B`));
  expect(stepsOf(escaped, "json")).toBeLessThan(plain + 60);
});

test("deep nesting costs no stack", () => {
  const body = Buffer.from(`${'{"value":['.repeat(100_000)}"api-key"`);
  expect(scrub("traces", body, "json")).toBe(false);
});

/** How many steps it takes. */
function stepsOf(body: Buffer, format: OtlpFormat): number {
  const steps = scrubSteps("traces", body, format);
  for (let count = 1; ; count += 1) if (steps.next().done === true) return count;
}

describe.each(formats)("long texts in %s", (format) => {
  const MIB = 2 ** 20;
  const values = Array.from({ length: 200_000 }, () => ({ stringValue: "auth" }));
  const many = { key: "note", value: { arrayValue: { values } } };

  test("are searched in steps, and nothing is overlooked between two", () => {
    // JSON escapes most of these.
    const filler = fc.constantFrom("x ", "\u0001 ", '" ', "\\\\ ", "\t", "é", "%41 ", "a=b ");
    fc.assert(
      fc.property(fc.nat(80_000), filler, (before, some) => {
        const padding = some.repeat(40_000);
        const message = `${padding.slice(0, before)} apiKey=${KEY} ${padding}`;
        const body = encoded("traces", traces({ attributes: [text("note", message)] }), format);
        expect(stepsOf(body, format)).toBeGreaterThan(message.length / 40_000);
        expect(body.includes(KEY)).toBe(false);
        expect(body.includes(`apiKey=${"*".repeat(KEY.length)} `)).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  test.each([
    ["in the name of an attribute", text(`password${".a".repeat(MIB)}`, "secret phrase "), 3],
    ["as very many short ones", many, 200],
    ["with a place for a user at each letter", text("note", "a:b@".repeat(MIB / 4)), 20],
  ] as const)("%s take many short steps", (_, attribute, least) => {
    const body = encoded("traces", traces({ attributes: [attribute] }), format);
    expect(stepsOf(body, format)).toBeGreaterThan(least);
  });
});

test("a long text in base64 is searched in steps", () => {
  const bytesValue = Buffer.from(`${"x".repeat(100_001)} apiKey=${KEY} ${"x".repeat(9_000)}`).toString(
    "base64",
  );
  const body = encoded(
    "traces",
    traces({ attributes: [{ key: "api.note", value: { bytesValue } }] }),
    "json",
  );
  expect(stepsOf(body, "json")).toBeGreaterThan(3);
  expect(body.includes(bytesValue.slice(0, 100))).toBe(false);
});

describe("long bodies are read in short steps", () => {
  const MIB = 1024 * 1024;
  const filled = (before: string, filler: string, after = ""): Buffer => {
    const bytes = Buffer.alloc(2 * MIB, filler);
    bytes.write(before);
    bytes.write(after, bytes.length - after.length);
    return bytes;
  };
  const inAttribute = '{"resourceSpans":[{"resource":{"attributes":[{"key":"k","value":{"stringValue":"';
  const bodies: readonly [what: string, format: OtlpFormat, body: Buffer][] = [
    ["one long text", "json", filled('{"x":"', "a", '"}')],
    ["a text of backslashes", "json", filled('{"x":"', "\\", '"}')],
    ["a text of line feeds", "json", filled('{"x":"', "\\n", '"}')],
    ["a text that does not end", "json", filled('{"x":"', "a")],
    ["a long name", "json", filled('{"', "a", '":1}')],
    ["a long attribute", "json", filled(inAttribute, "a", '"}}]}}]}')],
    ["empty messages", "protobuf", filled("", "\x0a\x00")],
    [
      "an attribute of many numbers",
      "protobuf",
      field(0x0a, field(0x0a, field(0x0a, filled("", "\x78\x01")))),
    ],
  ];

  /** A message's field that holds bytes. */
  function field(tag: number, content: Buffer): Buffer {
    const writer = new ProtobufWriter();
    writer.bytes(tag, content);
    return Buffer.from(writer.view());
  }

  test.each(bodies)("%s", (_, format, body) => {
    const steps = [...scrubSteps("traces", body, format)].length;
    expect(steps).toBeGreaterThanOrEqual(body.length / 131_072);
  });

  test.each([0, 32_760, 65_530, 70_000, 131_070, MIB])(
    "a secret at byte %d of a long text is found",
    (at) => {
      for (const filler of ["a ", "\\n"]) {
        const body = filled('{"x":"', filler, '"}');
        const secret = `https://rpc.example/?api-key=${KEY} `;
        body.write(secret, 6 + at);
        expect(scrub("traces", body, "json")).toBe(true);
        expect(body.includes(KEY)).toBe(false);
      }
    },
  );
});

import { semconv, spanName } from "@slipstream/conventions";
import type { Span } from "@slipstream/otlp/decode";
import { run, statistic } from "@slipstream/testing/engine/run";
import { child, rpc, START_MS, span, tick, traces, trade } from "@slipstream/testing/engine/spans";
import { describe, expect, it } from "vitest";
import type { EngineRecord } from "./model.ts";

const options = { rpcHosts: ["node"] };
const HTTP = { [semconv.httpMethod]: "POST", [semconv.serverAddress]: "node" };
const JSON_RPC = { [semconv.rpcSystem]: "jsonrpc", [semconv.rpcMethod]: "getSlot" };
const at = START_MS + 10_000;
const SECOND = 1_000;

const own = (): Span => rpc(at, "getSlot", { durationSeconds: 0.2 });
const http = (parent: Span): Span =>
  child(parent, "POST", at - 1, { kind: 3, attributes: HTTP, durationSeconds: 0.1 });

/** Count and largest latency (ms) of the node's calls. */
function nodeCalls(records: readonly EngineRecord[]): [number, unknown] {
  const { count, value } = statistic(run(records, options).engine, "node_latency_p99");
  return [count, value];
}

describe("a call that is told twice", () => {
  it("counts once, as Slipstream's span, whichever comes first", () => {
    const outer = own();
    const inner = http(outer);
    expect(nodeCalls([traces([outer, inner])])).toEqual([1, 200]);
    expect(nodeCalls([traces([inner, outer])])).toEqual([1, 200]);
    expect(nodeCalls([traces([inner]), traces([outer], at + SECOND), tick(at + 5 * SECOND)])).toEqual([
      1, 200,
    ]);
  });

  it("counts once, as the outermost of stock spans", () => {
    const handler = span("GET /trade", at, { kind: 2 });
    const outer = child(handler, "getSlot", at, { kind: 3, attributes: JSON_RPC, durationSeconds: 0.3 });
    const records = [traces([http(outer), outer, handler]), tick(at + 5 * SECOND)];
    expect(nodeCalls(records)).toEqual([1, 300]);
  });

  it("counts once where the outer one is very late, and then as the inner one", () => {
    const outer = own();
    const records = [traces([http(outer)]), tick(at + 3 * SECOND), traces([outer], at + 4 * SECOND)];
    expect(nodeCalls(records)).toEqual([1, 100]);
  });

  it("counts in time for its instant to be published", () => {
    const loose = http(own());
    const { publications } = run([traces([loose]), traces([trade(at + 2 * SECOND)])], options);
    expect(publications.at(-1)).toMatchObject({ timeMs: at, values: { node_latency_p99: 100 } });
  });
});

describe("calls that are not the same", () => {
  it("all count: a call within a phase, a write within a quote, two requests of one handler", () => {
    const submit = span(spanName.solanaSubmit, at, { kind: 3 });
    const send = child(submit, spanName.solanaRpc, at, { kind: 3, attributes: JSON_RPC });
    expect(nodeCalls([traces([send, submit])])[0]).toBe(1);

    const handler = span("GET /trade", at, { kind: 2 });
    expect(nodeCalls([traces([http(handler), http(handler), handler]), tick(at + 5 * SECOND)])[0]).toBe(2);

    const quote = span(spanName.jupiterQuote, at, { kind: 3 });
    const cached = child(quote, "set", at, {
      kind: 3,
      attributes: { [semconv.dbSystem]: "redis", [semconv.dbOperation]: "set" },
    });
    const { engine } = run([traces([cached, quote]), tick(at + 5 * SECOND)]);
    expect(statistic(engine, "database_latency_p99").count).toBe(1);
    expect(statistic(engine, "jupiter_latency_p99").count).toBe(1);
  });

  it("count although they wait for the same span among details of it, in whatever order they came", () => {
    const database = { [semconv.dbSystem]: "redis", [semconv.dbOperation]: "set" };
    const jupiter = { [semconv.httpMethod]: "GET", [semconv.serverAddress]: "api.jup.ag" };
    for (const order of ["jdjd", "djjd", "ddjj", "jjdd", "djdj"]) {
      const quote = span(spanName.jupiterQuote, at, { kind: 3 });
      const children = Array.from(order, (letter) =>
        child(quote, "call", at, { kind: 3, attributes: letter === "j" ? jupiter : database }),
      );
      const { engine } = run([traces(children), traces([quote]), tick(at + 5 * SECOND)]);
      expect(statistic(engine, "database_latency_p99").count).toBe(2);
      expect(statistic(engine, "jupiter_latency_p99").count).toBe(1);
    }
  });

  it("count at once where they have no parent", () => {
    const alone = span("POST", at, { kind: 3, attributes: HTTP });
    expect(nodeCalls([traces([alone])])[0]).toBe(1);
  });

  it("all count, and memory stays bounded, where very many wait", () => {
    const handler = span("GET /trade", at, { kind: 2 });
    const many = Array.from({ length: 70_000 }, () => http(handler));
    expect(nodeCalls([traces(many), tick(at + 5 * SECOND)])[0]).toBe(70_000);
  });
});

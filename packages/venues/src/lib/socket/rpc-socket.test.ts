import fc from "fast-check";
import { expect, test } from "vitest";
import { hosts, signature } from "../testing/transactions.ts";
import { RpcSocket } from "./rpc-socket.ts";

const open = () => new RpcSocket<string>("wss://node.example/KEY", hosts);
const subscribe = (id: number, fill: number) =>
  JSON.stringify({
    jsonrpc: "2.0",
    id,
    method: "signatureSubscribe",
    params: [signature(fill), { commitment: "confirmed" }],
  });
const notification = (subscription: number, err: unknown = null) =>
  JSON.stringify({
    jsonrpc: "2.0",
    method: "signatureNotification",
    params: { result: { context: { slot: 371_000_004 }, value: { err } }, subscription },
  });

test("a subscription is answered by its id, and its notification is of its signature", () => {
  const socket = open();
  expect(socket.sent(subscribe(7, 9), "span").calls).toMatchObject([
    { method: "signatureSubscribe", watched: [signature(9)] },
  ]);
  expect(socket.received('{"jsonrpc":"2.0","result":24040,"id":7}')).toMatchObject([
    {
      kind: "answered",
      carried: "span",
      outcome: { ok: true, facts: [{ kind: "watching", isOver: false }] },
    },
  ]);
  expect(socket.received(notification(24_040))).toEqual([
    {
      kind: "noticed",
      facts: [
        {
          kind: "status",
          signature: signature(9),
          slot: 371_000_004,
          commitment: "confirmed",
          failed: false,
          reason: undefined,
        },
      ],
    },
  ]);
  expect(socket.received(notification(1))).toEqual([]);
});

test("the same number on another socket is another subscription", () => {
  const [first, second] = [open(), open()];
  first.sent(subscribe(1, 9), "");
  first.received({ jsonrpc: "2.0", result: 5, id: 1 });
  expect(first.closed()).toEqual([{ kind: "watching", signature: signature(9), isOver: true }]);
  expect(second.received(notification(5))).toEqual([]);
  expect(first.received(notification(5))).toEqual([]);
});

test("who unsubscribes no longer watches", () => {
  const socket = open();
  socket.sent(subscribe(1, 9), "");
  socket.received({ jsonrpc: "2.0", result: 5, id: 1 });
  const text = JSON.stringify({ jsonrpc: "2.0", id: 2, method: "signatureUnsubscribe", params: [5] });
  expect(socket.sent(text, "").facts).toEqual([{ kind: "watching", signature: signature(9), isOver: true }]);
});

test("pings, texts of other kinds and receipts of a node say nothing", () => {
  const socket = open();
  expect(socket.sent('{"jsonrpc":"2.0","method":"ping"}', "").calls).toEqual([]);
  socket.sent(subscribe(1, 9), "");
  socket.received({ jsonrpc: "2.0", result: 5, id: 1 });
  const received = {
    method: "signatureNotification",
    params: { subscription: 5, result: { value: "receivedSignature" } },
  };
  expect(socket.received(received)).toEqual([]);
  expect(socket.received('{"jsonrpc":"2.0","method":"slotNotification","params":{}}')).toEqual([]);
  expect(socket.received('{"id":1,"result":6}')).toEqual([]);
});

test("whatever comes, it neither throws nor remembers more than its bound", () => {
  const message = fc.oneof(
    fc.string(),
    fc.jsonValue(),
    fc.record({ id: fc.nat(9), result: fc.nat(9) }),
    fc.nat(9).map((number) => notification(number)),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), fc.nat(9), message), { maxLength: 60 }), (steps) => {
      const socket = open();
      for (const [sends, id, value] of steps) {
        if (sends) socket.sent(typeof value === "string" ? value : subscribe(id, id + 1), "");
        else expect(Array.isArray(socket.received(value))).toBe(true);
      }
      expect(socket.closed().length).toBeLessThanOrEqual(1_024);
    }),
  );
  const socket = open();
  for (let id = 0; id < 3_000; id++) {
    socket.sent(subscribe(id, 9), "");
    socket.received({ id, result: id });
  }
  expect(socket.closed()).toHaveLength(1_024);
});

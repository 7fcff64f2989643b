import { noEffects } from "@slipstream/engine";
import { START_MS, span, traces } from "@slipstream/testing/engine/spans";
import { expect, test } from "vitest";
import { BEGINNING, type Position, positionOf } from "../log/position.ts";
import { createSparseLog } from "../log/testing/sparse-log.ts";
import { silentLogger } from "../logger.ts";
import { Checkpointer } from "./checkpointer.ts";

const record = traces([span("solana.rpc", START_MS)]);

/** A checkpointer, what gives it a record or a part of one, and the positions of the checkpoints that it has written. */
function start() {
  const written: Position[] = [];
  const checkpointer = new Checkpointer(
    {
      desks: { save: () => ({ parts: {} }), takeSeen: () => [] },
      store: {
        fault: undefined,
        checkpoint: async ({ position }) => {
          written.push(position);
          return [...written];
        },
        keep: async () => {},
      },
      log: createSparseLog(),
      retention: { maxBytes: Number.POSITIVE_INFINITY, maxAgeMs: Number.POSITIVE_INFINITY },
      logger: silentLogger,
      now: () => START_MS,
      everyItems: 1_000,
    },
    BEGINNING,
  );
  const apply = (at: number, isWhole: boolean): void =>
    checkpointer.stage({ record, isWhole, position: positionOf(at), effects: noEffects });
  return { checkpointer, apply, written };
}

test("soon, between two records: at once, if there is anything to save", () => {
  const { checkpointer, apply, written } = start();
  checkpointer.soon();
  expect(written).toEqual([]);
  apply(1, true);
  checkpointer.soon();
  expect(written).toEqual([positionOf(1)]);
});

test("soon, while a part of a record is applied: when the record is whole", () => {
  const { checkpointer, apply, written } = start();
  apply(1, true);
  apply(2, false);
  checkpointer.soon();
  // A restart would apply the first part again.
  expect(written).toEqual([]);
  apply(2, false);
  expect(written).toEqual([]);
  apply(2, true);
  expect(written).toEqual([positionOf(2)]);
});

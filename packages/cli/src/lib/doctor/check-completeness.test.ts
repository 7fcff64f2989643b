import { expect, test } from "vitest";
import { completenessOf } from "./check-completeness.ts";

const counts = { received: 9, duplicate: 0, late: 0, refused: 0 };

test("all spans, missing spans and unnumbered spans are told apart", () => {
  expect(completenessOf("desk", { ...counts, completeness: 1, ended: 1_200, missing: 0 })).toMatchObject({
    outcome: "ok",
    text: "desk: statistics cover all of 1,200 spans",
  });
  const reason = "its spans carry no slipstream.seq";
  const unknown = { completeness: null, ended: null, missing: null, reason };
  expect(completenessOf("stock", { ...counts, ...unknown })).toMatchObject({
    outcome: "ok",
    text: `stock: not known, ${reason}`,
  });
  const since = "2026-01-02T03:04:05.678Z";
  const gaps = [5, 4, 3, 2].map((size) => ({ instance: "a", from: 10 * size, to: 11 * size - 1, since }));
  const finding = completenessOf("desk", {
    ...counts,
    completeness: 0.9997,
    ended: 50_000,
    missing: 15,
    gaps,
  });
  expect(finding).toMatchObject({ outcome: "warn", remedy: expect.stringContaining("Collector") });
  expect(finding.text).toBe(
    "desk: statistics cover 99.97 %: 15 of 50,000 spans have not arrived, numbers a 50 to 54 (since 2026-01-02T03:04:05Z), " +
      "a 40 to 43 (since 2026-01-02T03:04:05Z), a 30 to 32 (since 2026-01-02T03:04:05Z), ...",
  );
});

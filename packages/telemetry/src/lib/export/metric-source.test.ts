import { expect, test } from "vitest";
import { DeliveryReports } from "./delivery-reports.ts";
import { HealthCounter } from "./health.ts";
import { MetricSource } from "./metric-source.ts";

const ignore = () => undefined;
const newSource = () =>
  new MetricSource(
    new HealthCounter(
      new DeliveryReports({ subject: "test", queueBytes: 1, onProblem: ignore, onRecovery: ignore }),
    ),
  );
const accepted = { kind: "delivered", rejected: 0, message: "" } as const;

test("newer metrics replace waiting ones", () => {
  const source = newSource();
  const [first, second] = [Uint8Array.of(1), Uint8Array.of(2)];
  source.set(first);
  source.set(second);
  expect(source.next()?.body).toBe(second);
});

test("metrics that arrive while others are being sent are sent too", async () => {
  const source = newSource();
  source.set(Uint8Array.of(1));
  const sending = source.next();
  const newer = Uint8Array.of(2);
  source.set(newer);
  if (sending !== undefined) source.settled(sending, accepted);
  expect(source.next()?.body).toBe(newer);
  const drained = source.drained();
  const next = source.next();
  if (next !== undefined) source.settled(next, accepted);
  await drained;
  expect(source.next()).toBeUndefined();
});

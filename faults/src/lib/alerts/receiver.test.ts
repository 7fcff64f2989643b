import { Random } from "@slipstream/testing/random";
import { expect, onTestFinished, test } from "vitest";
import { lostCommands } from "./commands.ts";
import { type Received, Receiver } from "./receiver.ts";
import { byAlert } from "./sequences.ts";

async function start(): Promise<Receiver> {
  const receiver = await Receiver.start(new Random(1));
  onTestFinished(() => receiver.close());
  return receiver;
}

/** The status; undefined if there was no answer. */
async function post({ url }: Receiver, key: string, data: object): Promise<number | undefined> {
  const init = { method: "POST", headers: { "idempotency-key": key }, body: JSON.stringify({ data }) };
  const response = await fetch(url, init).catch(() => undefined);
  return response?.status;
}

test("repeats of a key are dropped, and one with other content is a problem", async () => {
  const receiver = await start();
  receiver.conduct = "reliable";
  await post(receiver, "a/1/1", { value: 1 });
  await post(receiver, "a/1/2", { value: 2 });
  await post(receiver, "a/1/1", { value: 1, lateSeconds: 40 });
  expect(receiver.received).toEqual([
    { key: "a/1/1", data: { value: 1 } },
    { key: "a/1/2", data: { value: 2 } },
  ]);
  expect([receiver.repeats, receiver.problems]).toEqual([1, []]);
  await post(receiver, "a/1/1", { value: 3 });
  expect(receiver.problems).toEqual(["alerts, a/1/1 again: value: 1 became 3"]);
});

test("some requests fail, never two in a row, and some of those were taken all the same", async () => {
  const receiver = await start();
  const answers: (number | undefined)[] = [];
  for (let n = 0; n < 150; n++) answers.push(await post(receiver, `a/${n}/1`, {}));
  const failed = answers.map((status) => status !== 204);
  const failures = failed.filter(Boolean).length;
  expect(failures).toBeGreaterThan(3);
  expect(failed.some((is, at) => is && failed[at + 1])).toBe(false);
  expect(receiver.received.length).toBeGreaterThan(150 - failures);
  expect(receiver.received.length).toBeLessThan(150);
});

test("while it fails nothing is taken, and what is sent again later is no repeat", async () => {
  const receiver = await start();
  receiver.conduct = "failing";
  const answers: (number | undefined)[] = [];
  for (let n = 0; n < 10; n++) answers.push(await post(receiver, `a/${n}/1`, {}));
  expect(answers.filter((status) => status === 204)).toEqual([]);
  expect(receiver.received).toEqual([]);
  receiver.conduct = "reliable";
  expect(await post(receiver, "a/0/1", {})).toBe(204);
  expect([receiver.received.length, receiver.repeats]).toEqual([1, 0]);
});

test("the order within an alert counts, and that of different ones does not", () => {
  const of = (alert: string, kind: string): Received => ({ key: `${alert}/${kind}`, data: { alert, kind } });
  const sent = [of("a", "firing"), of("b", "firing"), of("a", "resolved")];
  const [first, second, third] = sent as [Received, Received, Received];
  expect(byAlert([second, first, third])).toEqual(byAlert(sent));
  expect(byAlert([third, second, first])).not.toEqual(byAlert(sent));
  expect(byAlert([first, second])).not.toEqual(byAlert(sent));
});

test("a command that was answered and is not in the log is lost", () => {
  const command = { command: "acknowledge", alert: "a", episode: 2, by: "", comment: "" } as const;
  const record = { receivedMs: 1, batch: { kind: "alert", command } } as const;
  const log = { droppedThrough: 0, records: [{ position: 1, record }] };
  expect(lostCommands([command], log)).toEqual([]);
  expect(
    lostCommands(
      [
        { ...command, episode: 3 },
        { command: "expire", id: "x" },
      ],
      log,
    ),
  ).toEqual([
    "the log has no acknowledge a 3, which was answered",
    "the log has no expire x, which was answered",
  ]);
});

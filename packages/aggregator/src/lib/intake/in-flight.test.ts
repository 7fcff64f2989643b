import { connect } from "node:net";
import { expect, test, vi } from "vitest";
import { startReceiver } from "./testing/receiver.ts";

test("bodies that never end give way to others when memory runs out", async () => {
  const receiver = await startReceiver({ maxInFlightBytes: 200_000 });
  const answers: string[] = [];
  const sockets = Array.from({ length: 3 }, (_, i) => {
    const socket = connect(receiver.server.port, "127.0.0.1");
    socket.on("error", () => {});
    socket.on("data", (data) => {
      answers[i] = (answers[i] ?? "") + String(data);
    });
    socket.write(
      `POST /v1/traces HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: 90000\r\n\r\n${" ".repeat(66_000)}`,
    );
    return socket;
  });
  try {
    await vi.waitUntil(() => receiver.intake.bytesInFlight() === 198_000, { timeout: 10_000 });
    // There is a reserve for small ones.
    expect((await receiver.send(`${" ".repeat(8_000)}{}`)).status).toBe(200);
    expect(receiver.intake.bytesInFlight()).toBe(198_000);
    await vi.waitUntil(async () => (await receiver.send(`${" ".repeat(66_000)}{}`)).status === 200, {
      timeout: 10_000,
      interval: 50,
    });
    // One is enough.
    expect(receiver.intake.bytesInFlight()).toBe(132_000);
    await vi.waitUntil(() => answers.filter((answer) => /^HTTP\/1.1 429/.test(answer)).length === 1, {
      timeout: 10_000,
    });
  } finally {
    for (const socket of sockets) socket.destroy();
    await receiver.close();
  }
});

test("a body that does not fit alone is refused, and leaves nothing in flight", async () => {
  const receiver = await startReceiver({ maxInFlightBytes: 100_000 });
  try {
    expect((await receiver.send(`${" ".repeat(99_000)}{}`)).status).toBe(200);
    expect((await receiver.send(`${" ".repeat(100_000)}{}`)).status).toBe(429);
    expect(receiver.intake.bytesInFlight()).toBe(0);
  } finally {
    await receiver.close();
  }
});

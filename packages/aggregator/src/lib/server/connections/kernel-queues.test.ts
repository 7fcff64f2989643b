import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { platform } from "node:process";
import { expect, onTestFinished, test, vi } from "vitest";
import { hexAddress, readKernelQueues } from "./kernel-queues.ts";

test.each([
  ["127.0.0.1", "0100007F"],
  ["::1", "00000000000000000000000001000000"],
  ["::ffff:10.1.2.3", "0000000000000000FFFF00000302010A"],
  ["fe80::1:2%eth0", "000080FE000000000000000002000100"],
])("%s is as the kernel prints it", (address, hex) => {
  expect(hexAddress(address)).toBe(hex);
});

test.runIf(platform === "linux").each(["127.0.0.1", "::1"])(
  "what a client at %s has not taken is known",
  async (host) => {
    const server = createServer().listen(0, host);
    onTestFinished(() => void server.close());
    await once(server, "listening");
    const connected = once(server, "connection");
    const { port } = server.address() as { port: number };
    const client = connect(port, host).pause();
    onTestFinished(() => void client.destroy());
    const [socket] = (await connected) as [Socket];
    expect(readKernelQueues()(socket)).toBe(0);
    socket.on("error", () => {});
    socket.write(Buffer.alloc(64 * 1024 * 1024));
    await vi.waitUntil(() => (readKernelQueues()(socket) ?? 0) > 0, { timeout: 5_000 });
  },
);

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect as connectTo, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { freePort } from "slipstream-stack/free-port";
import { onTestFinished } from "vitest";
import { eventually } from "./eventually.ts";
import { startProcess, untilServing } from "./real-process.ts";
import type { RedisServer } from "./redis-server.ts";
import { startedRedis } from "./started.ts";

/** A primary and its replica, which has caught up. */
export async function startedReplicas(
  password?: string,
): Promise<{ primary: RedisServer; replica: RedisServer }> {
  const login = password === undefined ? {} : { password };
  const args = [
    "--repl-diskless-sync-delay",
    "0",
    ...(password === undefined ? [] : ["--masterauth", password]),
  ];
  const primary = await startedRedis({ ...login, args });
  const replica = await startedRedis({
    ...login,
    args: [...args, "--replicaof", "127.0.0.1", String(primary.port)],
  });
  await eventually("the replica has caught up", async () => isLinked(replica));
  return { primary, replica };
}

/** Makes the replica the primary, as a failover does, and the former primary its replica. */
export async function failOver(primary: RedisServer, replica: RedisServer): Promise<void> {
  await replica.command("replicaof", "no", "one");
  await primary.command("replicaof", "127.0.0.1", replica.port);
}

/** A real Sentinel that monitors a primary by the name "desk". It fails over within a second or two. */
export async function startedSentinel(
  primary: RedisServer,
  password?: string,
): Promise<{ readonly port: number }> {
  const directory = mkdtempSync(join(tmpdir(), "slipstream-sentinel-"));
  const port = await freePort();
  const lines = [
    `port ${port}`,
    "bind 127.0.0.1",
    `dir ${directory}`,
    `sentinel monitor desk 127.0.0.1 ${primary.port} 1`,
    "sentinel down-after-milliseconds desk 500",
    "sentinel failover-timeout desk 5000",
    ...(password === undefined ? [] : [`sentinel auth-pass desk ${password}`]),
  ];
  const file = join(directory, "sentinel.conf");
  writeFileSync(file, `${lines.join("\n")}\n`);
  const running = startProcess("redis-server", [file, "--sentinel"], directory);
  onTestFinished(async () => {
    await running.kill();
    rmSync(directory, { recursive: true, force: true });
  });
  const client = new Redis({ port, host: "127.0.0.1", enableReadyCheck: false });
  client.on("error", () => {});
  onTestFinished(() => client.disconnect());
  await untilServing("the Sentinel", running, async () => {
    const replicas = await client.call("sentinel", "replicas", "desk");
    return Array.isArray(replicas) && replicas.length > 0;
  });
  return { port };
}

/** A real Cluster of three primaries that share the slots. */
export async function startedCluster(): Promise<readonly RedisServer[]> {
  const args = ["--cluster-enabled", "yes", "--cluster-node-timeout", "1000"];
  // By default they talk to each other on a port that an outgoing connection may have.
  const ports = await Promise.all([0, 1, 2].map(() => freePort()));
  const nodes = await Promise.all(
    ports.map((port) => startedRedis({ args: [...args, "--cluster-port", String(port)] })),
  );
  const [first] = nodes;
  const share = Math.ceil(16_384 / nodes.length);
  for (const [index, node] of nodes.entries()) {
    const last = Math.min(16_384, (index + 1) * share) - 1;
    await node.command("cluster", "addslotsrange", index * share, last);
    if (first !== undefined && node !== first)
      await node.command("cluster", "meet", "127.0.0.1", first.port, ports[0] ?? 0);
  }
  for (const node of nodes) {
    await eventually("the Cluster is whole", async () => {
      const info = String(await node.command("cluster", "info"));
      return info.includes("cluster_state:ok") && info.includes(`cluster_known_nodes:${nodes.length}`);
    });
  }
  return nodes;
}

/** An address that leads to one server, then to another: a floating IP address or a name in DNS. */
export async function startedFloatingAddress(
  server: RedisServer,
): Promise<{ readonly url: string; moveTo(server: RedisServer): void }> {
  let target = server.port;
  const sockets = new Set<Socket>();
  const listener = createServer((socket) => {
    const onward = connectTo(target, "127.0.0.1");
    for (const [from, to] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      sockets.add(from);
      from.on("error", () => to.destroy()).on("close", () => to.destroy());
      from.pipe(to);
    }
  });
  const port = await freePort();
  await new Promise<void>((resolve) => listener.listen(port, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    listener.close();
  });
  return {
    url: `redis://127.0.0.1:${port}`,
    // Connections that are open stay where they are.
    moveTo: ({ port: to }) => {
      target = to;
    },
  };
}

async function isLinked(replica: RedisServer): Promise<boolean> {
  return String(await replica.command("info", "replication")).includes("master_link_status:up");
}

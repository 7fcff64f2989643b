import { readFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { connect } from "node:tls";
import { startTlsProxy } from "@slipstream/testing/tls-proxy";
import { expect, onTestFinished, test } from "vitest";
import { PackageHooks } from "../register/package-hooks.ts";
import { speaker } from "../register/speaker.ts";
import { Sockets } from "./sockets.ts";
import { StoreState } from "./store-state.ts";

const said = speaker(() => {});
const sockets = new Sockets({ ...said, packages: new PackageHooks(said) });

test.each([
  ["trusted", [0, 1, 0], [true]],
  ["not trusted", [0], [false]],
])("a connection by TLS is open after its handshake: a certificate that is %s", async (kind, counts, ups) => {
  const server = createServer((socket) => socket.on("error", () => {}).resume()).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once("listening", resolve));
  const { port: to } = server.address() as AddressInfo;
  const proxy = await startTlsProxy(to);
  onTestFinished(() => proxy.close());
  const open: number[] = [0];
  const up: boolean[] = [];
  const state = new StoreState(
    {
      setConnections: (_, count = 0) => void (count !== open.at(-1) && open.push(count)),
      setDependencyUp: (_, isUp = false) => void up.push(isUp),
    },
    "questdb",
  );
  sockets.count({ host: "localhost", port: proxy.port }, state);
  const trust = kind === "trusted" ? { ca: readFileSync(proxy.ca) } : {};
  const socket = connect({ host: "localhost", port: proxy.port, ...trust }, () => socket.end());
  socket.on("error", () => {});
  await new Promise((resolve) => socket.once("close", resolve));
  expect({ open, up }).toEqual({ open: counts, up: ups });
});

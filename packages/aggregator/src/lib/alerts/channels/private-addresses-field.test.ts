import { expect, test } from "vitest";
import { isNetwork } from "../http/address.ts";
import { channelOf, scriptedServer } from "../testing/channel-test.ts";
import { channelsProblems } from "./check-channels.ts";

const url = "https://hooks.desk.example/x";
const problemsOf = (privateAddresses: readonly string[]): number =>
  channelsProblems({ hook: { type: "webhook", url, privateAddresses } }).length;

test("takes addresses and networks, and nothing else", () => {
  const good = ["10.1.2.3", "10.0.0.0/8", "fd00::/8", "fd00::1", "::ffff:10.0.0.1"];
  expect(good.filter(isNetwork)).toEqual(good);
  expect(problemsOf(good)).toBe(0);
  for (const bad of [
    "",
    "hooks.internal",
    "10.0.0",
    "10.0.0.0/",
    "::::/8",
    "fd00::1::2",
    "fe80::1%eth0",
    "10.0.0.0/8/8",
  ])
    expect([bad, problemsOf([bad])]).toEqual([bad, 1]);
});

test("a private address that is written itself needs no leave", async () => {
  const server = await scriptedServer();
  const { send } = await channelOf({ type: "webhook", url: server.url });
  expect(await send()).toEqual({ outcome: "delivered" });
});

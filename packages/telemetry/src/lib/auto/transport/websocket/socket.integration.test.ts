import { serviceNodes } from "@slipstream/testing/service-nodes";
import { expect, it } from "vitest";
import { runsOf } from "../../../../testing/transport/runs.ts";

const { run } = runsOf("socket-cases.main");

it.each(serviceNodes)("WebSockets on Node %s behave as without", async (version) => {
  const plain = await run(version, false);
  const observed = await run(version, true);
  expect(Object.keys(plain.outcomes).length).toBeGreaterThan(version.startsWith("20") ? 6 : 12);
  expect(observed.outcomes).toEqual(plain.outcomes);
  expect({ code: observed.code, stderr: observed.stderr }).toEqual({ code: 0, stderr: plain.stderr });
});

it("an observer that fails changes nothing, and is told of once", async () => {
  const plain = await run("current", false);
  const broken = await run("current", true, { BREAK: "sockets" });
  expect(broken.outcomes).toEqual(plain.outcomes);
  expect(broken.problems).toHaveLength(1);
});

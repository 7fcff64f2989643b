import { tmpdir } from "node:os";
import { describe, expect, test } from "vitest";
import type { SimulationOptions } from "./options.ts";
import { startSimulation } from "./simulation.ts";

describe("options", () => {
  test.each([
    [{ rate: 0 }, "rate"],
    [{ rate: "fast" }, "rate"],
    [{ attackRate: 1.5 }, "attackRate"],
    [{ seed: 1.5 }, "seed"],
    [{ endpoint: "localhost" }, "endpoint"],
    [{ durationSeconds: -1 }, "durationSeconds"],
    [{ maxInFlight: 0 }, "maxInFlight"],
    [{ weather: {} }, "weather"],
    [{ breaker: { failures: 0, openMs: 1, probes: 1 } }, "breaker.failures"],
    [{ speed: 4 }, "speed"],
  ])("%j is refused by name", async (options, field) => {
    await expect(startSimulation(options as SimulationOptions)).rejects.toMatchObject({
      code: "invalid_option",
      field,
      message: expect.stringContaining(field),
    });
  });

  test("a ground truth that cannot be written is rejected before anything starts", async () => {
    await expect(startSimulation({ groundTruthFile: tmpdir() })).rejects.toMatchObject({ code: "EISDIR" });
  });
});

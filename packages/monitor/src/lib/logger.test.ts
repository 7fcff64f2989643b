import { expect, test } from "vitest";
import { calmLogger, type MonitorLogger } from "./logger.ts";

function recorder(): { readonly logger: MonitorLogger; readonly lines: string[] } {
  const lines: string[] = [];
  const write = (message: string): void => void lines.push(message);
  return { logger: { info: write, warn: write, error: write }, lines };
}

test("a message that comes over and over is logged once a minute, and others at once", () => {
  const { logger, lines } = recorder();
  let nowMs = 0;
  const calm = calmLogger(logger, () => nowMs);
  for (nowMs = 0; nowMs < 150_000; nowMs += 1_000) calm.warn("Redis is away");
  calm.info("Redis works");
  expect(lines).toEqual(["Redis is away", "Redis is away", "Redis is away", "Redis works"]);
});

test("what the logger throws is ignored, and what it is told is bounded", () => {
  const calm = calmLogger({
    info: () => {
      throw new Error("no disk");
    },
    warn: () => undefined,
    error: () => undefined,
  });
  for (let i = 0; i < 5_000; i += 1) expect(() => calm.info(`message ${i}`)).not.toThrow();
});

import type { Summary } from "@slipstream/simulator";
import { expect, it } from "vitest";
import { endedText, lostSpans, readyText } from "./simulation-text.ts";

it("the first lines say what others need to know", () => {
  const [rpcUrl, jupiterUrl] = ["http://127.0.0.1:8899", "http://127.0.0.1:8898"];
  const text = readyText({
    service: "desk-a",
    run: "sim-1-ab",
    receiver: "http://c:4318",
    rpcUrl,
    jupiterUrl,
  });
  expect(text).toMatch(/^Slipstream simulator ready: desk-a \(sim-1-ab\) trades\n/);
  expect(text).toContain("SLIPSTREAM_RPC_URL=http://127.0.0.1:8899\n");
});

it("the last line says what was sent, and what was not", () => {
  const telemetry = { exportedSpans: 1_200, droppedSpans: 30, rejectedSpans: 4, queuedSpans: 0 };
  const made = { seconds: 61.24, trades: 80, success: 77, failed: 3, spans: 1_234 };
  const summary = { ...made, telemetry } as Summary;
  expect(endedText(summary)).toBe(
    "Ended after 61.2 s: 80 trades (77 ok, 3 failed). 1,234 spans: 1,200 delivered, 30 dropped, 4 refused.",
  );
  expect(lostSpans(summary)).toBe(34);
});

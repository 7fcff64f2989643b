import { expect, test } from "vitest";
import { checkChannels } from "./check-channels.ts";

const sinceMs = Date.parse("2026-11-29T12:00:00Z");

test("channels that take notifications, or have not had any, are fine", () => {
  expect(checkChannels({ hook: { up: true, queueItems: 1 }, chat: { up: null, queueItems: 0 } })).toEqual([]);
});

test("one that fails is named with the reason and with what waits", () => {
  expect(checkChannels({ hook: { up: false, queueItems: 1, lastError: "answered 503" } })).toEqual([
    {
      check: "Notifications",
      outcome: "warn",
      text: "its channel hook takes no notifications: answered 503",
      remedy: expect.stringContaining("1 notification waiting"),
    },
  ]);
});

test("one that somebody has to mend is worse, and says since when", () => {
  const parked = { up: false, queueItems: 12, parkedSinceMs: sinceMs, lastError: "answered 410" };
  expect(checkChannels({ pager: parked })).toEqual([
    {
      check: "Notifications",
      outcome: "bad",
      text: "its channel pager has taken no notifications since 2026-11-29T12:00:00Z, and will not by itself: answered 410",
      remedy: expect.stringMatching(/reload the aggregator \(SIGHUP\); 12 notifications waiting/),
    },
  ]);
});

import { Socket } from "node:net";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { Connections, type ConnectionsNews } from "./connections.ts";

describe("connections that cannot be accepted", () => {
  /** With so many connections open as are idle, and a clock that the test moves. */
  const idle = (count: number, outOfFiles?: () => string | undefined) => {
    vi.useFakeTimers({ toFake: ["performance"] });
    onTestFinished(() => void vi.useRealTimers());
    const news: ConnectionsNews[] = [];
    const connections = new Connections({
      limits: { maxConnections: 100, maxHeld: 1 },
      serve: () => {},
      onNews: (one) => news.push(one),
      ...(outOfFiles && { outOfFiles }),
    });
    for (let i = 0; i < count; i++) connections.open(new Socket());
    return { connections, news };
  };

  test("are counted, and told once; there is room again when none was for a while", () => {
    const { connections, news } = idle(40);
    for (let i = 0; i < 1_000; i++) connections.failed("accept EMFILE");
    const { open, limit, acceptErrors } = connections.status;
    expect(acceptErrors).toBe(1_000);
    expect(open).toBeLessThan(40);
    expect(open).toBeLessThanOrEqual(limit);
    expect(connections.status.closed.files).toBe(40 - open);
    expect(news).toMatchObject([{ full: true, fault: "accept EMFILE" }]);

    for (const connection of [...connections]) connections.cut(connection, "idle");
    connections.look();
    expect(news).toHaveLength(1);
    vi.advanceTimersByTime(60_000);
    connections.look();
    expect(news).toMatchObject([{ full: true }, { full: false, fault: "accept EMFILE", limit: 100 }]);
    expect(connections.status).toMatchObject({ full: false, limit: 100 });
  });

  test("nothing is closed below a few connections, however often it fails: they are not what takes the files", () => {
    const { connections } = idle(8, () => "EMFILE: too many open files");
    for (let i = 0; i < 100; i++) connections.look();
    expect(connections.status).toMatchObject({ open: 8, full: true });
  });
});

import { describe, expect, it } from "vitest";
import { chainWorlds } from "../chain/chain-worlds.ts";
import { measureInThreads } from "../measure.ts";
import { accuracyPage } from "../page/page.ts";
import { studyWorlds } from "../study-worlds.ts";
import { accuracyWorlds } from "../worlds.ts";
import { progressLine, ShowProgress } from "./show-progress.ts";
import { runInThreads } from "./threads.ts";

describe("measuring in threads", () => {
  it("makes the same page with any number of them, and tells how far it is", async () => {
    const told: number[] = [];
    const page = async (jobs: number): Promise<string> => {
      const given = {
        worlds: accuracyWorlds([21, 22], 600),
        chains: chainWorlds(100, 31),
        studies: studyWorlds(2, 23, 100),
        folder: "/nowhere",
      };
      const progress = ({ done }: { done: number }): number => told.push(done);
      return accuracyPage(await measureInThreads(given, { jobs, progress }), "the command");
    };
    expect(await page(2)).toBe(await page(1));
    expect(told.at(-1)).toBe(1);
    expect(told.some((done) => done > 0.1 && done < 0.9)).toBe(true);
  }, 300_000);

  it.each([
    ["end", "its thread ended with code 3 before its answer"],
    ["fail", "out of luck"],
  ])("says which task was not measured where a thread does %s, and writes nothing", async (data, why) => {
    const module = new URL("./testing/silent.worker.ts", import.meta.url);
    const task = { name: "the world of seed 5", cost: 1, data };
    await expect(runInThreads([task], { module, jobs: 1 })).rejects.toMatchObject({
      message: `the world of seed 5 was not measured: ${why}. Nothing was written; run the command again`,
    });
  });
});

describe("what is shown meanwhile", () => {
  it("tells the time left by what was done so far", () => {
    const running = ["the world of seed 7", "the world of seed 8"];
    expect(progressLine({ done: 0.25, running }, 60_000)).toBe(
      "25 %, 3 min left: the world of seed 7, the world of seed 8",
    );
    expect(progressLine({ done: 0, running: [] }, 0)).toBe("0 %");
  });

  it("is a line a minute where nobody watches", () => {
    const lines: string[] = [];
    const write = (text: string): boolean => lines.push(text) > 0;
    let nowMs = 0;
    const shown = new ShowProgress({ isTTY: false, write }, () => nowMs);
    for (; nowMs < 150_000; nowMs += 10_000) shown.show({ done: nowMs / 300_000, running: [] });
    shown.end();
    expect(lines).toEqual(["20 %, 4 min left\n", "40 %, 3 min left\n"]);
  });
});

import { expect, test } from "vitest";
import { Agenda } from "./agenda.ts";

test("an agenda runs in order of keys, including actions added meanwhile", () => {
  const agenda = new Agenda();
  const done: string[] = [];
  const note = (text: string) => () => void done.push(text);
  agenda.add(7, 0.9, note("last"));
  agenda.add(7, 0.2, () => {
    done.push("first");
    agenda.add(7, 0.5, note("meanwhile"));
    agenda.add(7, 0.1, note("too late for its position"));
    agenda.add(8, 0, note("next slot"));
  });
  agenda.add(7, 0.9, note("after the last, in order of addition"));
  agenda.run(7);
  expect(done).toEqual([
    "first",
    "too late for its position",
    "meanwhile",
    "last",
    "after the last, in order of addition",
  ]);
  expect(agenda.isEmpty).toBe(false);
  agenda.run(8);
  expect(done.at(-1)).toBe("next slot");
  expect(agenda.isEmpty).toBe(true);
});

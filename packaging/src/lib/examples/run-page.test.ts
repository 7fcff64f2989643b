import { testFolder } from "@slipstream/testing/folders";
import { describe, expect, onTestFinished, test } from "vitest";
import { blocksOf, commandsOf } from "./blocks.ts";
import { plan } from "./plan.ts";
import { pagesWithExamples } from "./run-examples.ts";
import { assertElsewhere, pairUp, runPage } from "./run-page.ts";
import { Session } from "./session.ts";
import type { Step } from "./step.ts";

const page = [
  "# A page",
  "    echo one    # a comment",
  "",
  "The second one continues:",
  "",
  "    echo two \\",
  "      three",
  "",
  "```ts",
  "console.log(6 * 7);",
  "```",
  "- a list",
  "",
  "    with text that is indented",
].join("\n");

const steps: readonly Step[] = [
  { run: "echo one", expect: /^one$/m },
  { run: "echo two three", expect: /^two three$/m },
  { code: "console.log(6 * 7);", expect: /^42$/m },
];

async function tryOut(markdown: string, ofPage: readonly Step[]): Promise<void> {
  const session = await Session.open(testFolder(), "page");
  onTestFinished(() => session[Symbol.asyncDispose]());
  await runPage("a.md", markdown, ofPage, session);
}

test("fenced and indented blocks are found, with their lines, and lists are none", () => {
  expect(blocksOf(page).map(({ line, language }) => [line, language])).toEqual([
    [2, undefined],
    [6, undefined],
    [10, "ts"],
  ]);
  expect(blocksOf(page).slice(0, 2).flatMap(commandsOf)).toEqual([
    { line: 2, text: "echo one" },
    { line: 6, text: "echo two three" },
  ]);
});

test("every example of every page of the repository has a step", () => {
  const pages = pagesWithExamples();
  for (const [page, markdown] of pages)
    expect(pairUp(page, markdown, plan[page] ?? []), page).not.toEqual([]);
  expect(pages.map(([page]) => page)).toEqual(expect.arrayContaining(Object.keys(plan)));
});

test("what other checks run, they do run", () => {
  const elsewhere = Object.values(plan)
    .flat()
    .filter((step) => "elsewhere" in step);
  expect(elsewhere).not.toEqual([]);
  for (const step of elsewhere) expect(() => assertElsewhere(step), step.elsewhere).not.toThrow();
});

test("a page whose examples do what their steps say", async () => {
  await expect(tryOut(page, steps)).resolves.toBeUndefined();
});

describe("fails with the line of", () => {
  test.each<[string, string, readonly Step[], RegExp]>([
    [
      "an example without a step",
      page.replace("echo one", "echo one; echo new"),
      steps,
      /^a\.md:2: echo one; echo new\n.*no step/,
    ],
    [
      "an example at the end without a step",
      `${page}\n# More\n    echo more`,
      steps,
      /^a\.md:16: echo more\n.*no step/,
    ],
    ["a step without an example", page.replace("    echo one    # a comment", ""), steps, /^a\.md:6/],
    [
      "a last step without an example",
      page,
      [...steps, { run: "echo", expect: /x/ }],
      /no such example any more: echo/,
    ],
    [
      "a command that fails",
      "\n    echo one; false",
      [{ run: "echo one; false", expect: /one/ }],
      /^a\.md:2.*\nit ended with 1/,
    ],
    [
      "a command that prints something else",
      "\n    echo one",
      [{ run: "echo one", expect: /two/ }],
      /^a\.md:2.*\nit does not print/,
    ],
    [
      "code that throws",
      page.replace("6 * 7", "nothing"),
      [...steps.slice(0, 2), { code: "console.log(nothing);", expect: /^/ }],
      /^a\.md:10.*\nit ended with 1/,
    ],
    [
      "an output that the page shows wrongly",
      "# A\n    echo one\n\nIt prints:\n\n    two",
      [{ run: "echo one", expect: /one/ }, { output: /one/ }],
      /^a\.md:6.*\nthe page does not show/,
    ],
    [
      "an output that the command does not print",
      "# A\n    echo one\n\nIt prints:\n\n    two",
      [{ run: "echo one", expect: /one/ }, { output: /two/ }],
      /it ended and printed: one/,
    ],
    [
      "a package that is not there",
      "# A\n    npm install @slipstream/none",
      [{ install: "npm install @slipstream/none" }],
      /no such package: @slipstream\/none/,
    ],
    [
      "a check elsewhere that is gone",
      "# A\n    echo one",
      [{ elsewhere: "echo one", file: "package.json", text: "no such text" }],
      /does not run it/,
    ],
  ])("%s", async (_, markdown, ofPage, message) => {
    await expect(tryOut(markdown, ofPage)).rejects.toThrow(message);
  });
});

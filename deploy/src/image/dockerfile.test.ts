import { expect, test } from "vitest";
import { execForm, readDockerfile } from "./dockerfile.ts";

test("stages, flags and continued lines are read, comments among them too", () => {
  const text = [
    "# first",
    "FROM node:24 AS build",
    "run one \\",
    "  # between",
    "",
    "  && two   ",
    "FROM node:24",
    "COPY --from=build --chmod=644 /a ./",
    'HEALTHCHECK --interval=10s CMD ["node"]',
  ].join("\n");
  expect(readDockerfile(text)).toEqual([
    { name: "build", instructions: [{ keyword: "RUN", flags: {}, rest: "one   && two" }] },
    {
      name: undefined,
      instructions: [
        { keyword: "COPY", flags: { from: "build", chmod: "644" }, rest: "/a ./" },
        { keyword: "HEALTHCHECK", flags: { interval: "10s" }, rest: 'CMD ["node"]' },
      ],
    },
  ]);
});

test.each(["RUN early", "FROM a\nRUN <<EOF\nls\nEOF", "# escape=`\nFROM a\nRUN b", "FROM a\nRUN"])(
  "what would be read wrongly is an error: %j",
  (text) => {
    expect(() => readDockerfile(text)).toThrow();
  },
);

test("commands are read if they are lists of words", () => {
  expect(execForm('["node", "a b"]')).toEqual(["node", "a b"]);
  expect(() => execForm("node a")).toThrow();
  expect(() => execForm("[1]")).toThrow();
});

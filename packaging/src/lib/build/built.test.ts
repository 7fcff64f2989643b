import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, renameSync, rmSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { testFolder } from "@slipstream/testing/folders";
import { beforeEach, expect, test } from "vitest";
import { root } from "../manifests/workspace.ts";

interface Built {
  isBuilt(root: string): boolean;
  markBuilt(root: string, build: () => Promise<number>): Promise<number>;
}
const { isBuilt, markBuilt } = (await import(join(root, "packaging/built.js"))) as Built;

let checkout: string;
const path = (name: string): string => join(checkout, name);
function write(name: string, text: string): void {
  mkdirSync(join(path(name), ".."), { recursive: true });
  writeFileSync(path(name), text);
}

/** A checkout with the real command `slipstream`, of which each form prints what it is. */
beforeEach(async () => {
  checkout = testFolder();
  write("package.json", '{ "type": "module" }');
  write("packaging/bundle.js", "");
  write("packages/cli/tsconfig.build.json", "{}");
  write("packages/cli/src/cli.main.ts", 'import "./lib/part.ts";\n');
  write("packages/cli/src/lib/part.ts", 'console.log("sources" satisfies string);\n');
  write("packages/cli/src/lib/part.test.ts", "");
  cpSync(join(root, "packaging/built.js"), path("packaging/built.js"));
  cpSync(join(root, "packages/cli/bin"), path("packages/cli/bin"), { recursive: true });
  await markBuilt(checkout, build);
});

async function build(): Promise<number> {
  write("packages/cli/dist/cli.main.js", 'import "./part.js";\n');
  write("packages/cli/dist/part.js", 'console.log("dist");\n');
  write("packages/cli/dist/lib/part.d.ts", "");
  return 0;
}

function runsFrom(): string {
  return execFileSync(process.execPath, [path("packages/cli/bin/slipstream.js")], {
    encoding: "utf8",
  }).trim();
}

test("the command line runs from dist/ while it is built from the sources that are there", () => {
  expect(isBuilt(checkout)).toBe(true);
  expect(runsFrom()).toBe("dist");
  write("packages/cli/src/lib/part.test.ts", "expect(1).toBe(1);");
  write("packages/cli/src/testing/helper.ts", "");
  write("packages/cli/src/lib/docs/page.ts", "");
  write("packages/cli/src/docs.main.ts", "");
  expect(runsFrom()).toBe("dist");
});

test("after an edit it runs from the sources, whatever their dates are, until it is built again", async () => {
  write("packages/cli/src/lib/part.ts", 'console.log("edited" satisfies string);\n');
  // As a copy that keeps the dates has it.
  utimesSync(path("packages/cli/src/lib/part.ts"), 0, 0);
  expect(runsFrom()).toBe("edited");
  await markBuilt(checkout, build);
  expect(runsFrom()).toBe("dist");
});

test.each<[string, () => void]>([
  ["a file is added", () => write("packages/cli/src/lib/more.ts", "")],
  [
    "a file is renamed",
    () => renameSync(path("packages/cli/src/lib/part.ts"), path("packages/cli/src/lib/p.ts")),
  ],
  [
    "a package is added",
    () => {
      write("packages/other/tsconfig.build.json", "{}");
      write("packages/other/src/index.ts", "");
    },
  ],
  ["it would be built otherwise", () => write("packaging/bundle.js", "// other options")],
  ["dist/ is deleted", () => rmSync(path("packages/cli/dist"), { recursive: true })],
  ["a file of dist/ is deleted", () => rmSync(path("packages/cli/dist/part.js"))],
  ["a file of dist/ is empty", () => write("packages/cli/dist/part.js", "")],
  ["a file of dist/ is cut off", () => truncateSync(path("packages/cli/dist/part.js"), 7)],
  ["nothing was built", () => rmSync(path("node_modules"), { recursive: true })],
])("dist/ is not that of the sources if %s", (_, change) => {
  expect(isBuilt(checkout)).toBe(true);
  change();
  expect(isBuilt(checkout)).toBe(false);
});

test("npm start before npm ci says what to run", () => {
  cpSync(join(root, "package.json"), path("package.json"));
  const started = spawnSync("npm", ["start"], { cwd: checkout, encoding: "utf8", env: withoutCommands() });
  expect([started.status, started.stderr]).toEqual([1, expect.stringContaining("Run `npm ci` first.")]);
});

/** The environment without what npm adds to the path for the checkout that this test runs in. */
function withoutCommands(): NodeJS.ProcessEnv {
  const { PATH = "", ...others } = process.env;
  return {
    ...others,
    PATH: PATH.split(":")
      .filter((folder) => !folder.includes("node_modules"))
      .join(":"),
  };
}

test("a build that fails counts as none, and so does what was edited while it ran", async () => {
  expect(await markBuilt(checkout, async () => 2)).toBe(2);
  expect(isBuilt(checkout)).toBe(false);
  await markBuilt(checkout, () => {
    write("packages/cli/src/lib/part.ts", "");
    return build();
  });
  expect(isBuilt(checkout)).toBe(false);
});

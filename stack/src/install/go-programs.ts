import { execFileSync } from "node:child_process";
import { basename, join } from "node:path";
import { buildPrograms, copyModule, isBuilt, writeFileAt } from "./built-program.ts";
import type { Installation } from "./installation.ts";

/** Programs of a Go module. */
export interface GoPrograms {
  readonly what: string;
  readonly usually: string;
  readonly module: string;
  /** As Go's module proxy has it. */
  readonly version: string;
  /** Folders of the programs in the module, such as `cmd/prometheus`. The last name is the program's. */
  readonly packages: readonly string[];
  readonly tags?: readonly string[];
  readonly ldflags?: string;
  /** Files that the module needs and does not hold: text by path. */
  readonly files?: Readonly<Record<string, string>>;
}

/**
 * Builds programs in a copy of their module: with the module's own go.mod, its `replace` lines and its go.sum, which `go install` of another
 * module would not heed. Go checks what it downloads against the public checksums.
 */
export function goPrograms(go: GoPrograms): Installation {
  const programs = go.packages.map((path) => basename(path));
  const recipe = `${JSON.stringify(go, null, 2)}\n`;
  return {
    what: go.what,
    usually: go.usually,
    needs: ["go"],
    isInstalled: (cache) => isBuilt(cache, programs, recipe),
    install: (workshop) =>
      buildPrograms(workshop, programs, recipe, async (work) => {
        const module = `${go.module}@${go.version}`;
        await workshop.run("go", ["mod", "download", module], { cwd: work });
        const source = join(work, "source");
        await copyModule(workshop, moduleFolder(module, work), source);
        for (const [path, text] of Object.entries(go.files ?? {})) writeFileAt(join(source, path), text);
        const flags = ["-mod=readonly", "-trimpath", "-ldflags", `-s -w ${go.ldflags ?? ""}`.trim()];
        const tags = go.tags === undefined ? [] : ["-tags", go.tags.join(",")];
        const packages = go.packages.map((path) => `./${path}`);
        await workshop.run("go", ["build", ...flags, ...tags, "-o", `${join(work, "bin")}/`, ...packages], {
          cwd: source,
          // A module may come with a workspace whose other modules it does not hold.
          env: { CGO_ENABLED: "0", GOWORK: "off" },
        });
      }),
  };
}

/** Where `go mod download` put a module. */
function moduleFolder(module: string, cwd: string): string {
  const answer = execFileSync("go", ["mod", "download", "-json", module], { cwd, encoding: "utf8" });
  const parsed: unknown = JSON.parse(answer);
  if (typeof parsed === "object" && parsed !== null && "Dir" in parsed && typeof parsed.Dir === "string")
    return parsed.Dir;
  throw new Error(`go mod download -json ${module} names no folder: ${answer}`);
}

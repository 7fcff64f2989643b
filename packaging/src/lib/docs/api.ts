import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installTools } from "../cache.ts";
import type { GeneratedFile } from "../manifests/files.ts";
import { readManifest, root } from "../manifests/workspace.ts";
import { run } from "../run.ts";

/** The packages that users import, in the order of the page. */
const folders = ["packages/telemetry", "packages/monitor", "packages/cli"];

const head = `# API
What the packages that a service or a configuration file imports offer. Made from their docstrings by \`npm run docs\`.
`;

/** `docs/api.md`, from the docstrings. Installs TypeDoc outside the repository if it is not there. */
export async function apiPage(): Promise<GeneratedFile> {
  const tools = await installTools();
  const sections: string[] = [head];
  for (const folder of folders) sections.push(section(readManifest(folder), await typedoc(folder, tools)));
  return { path: "docs/api.md", text: sections.join("\n") };
}

function section(manifest: Readonly<Record<string, unknown>>, text: string): string {
  return `## ${manifest.name}\n${manifest.description}.\n\n${deeper(text)}`;
}

/** Markdown with each heading one level deeper, as far as there are levels. */
export function deeper(markdown: string): string {
  return markdown.replace(/^#{1,5} /gm, (marks) => `#${marks}`);
}

/** TypeDoc's Markdown of a package's index. It needs the compiler's JavaScript API, which TypeScript 7 lacks. */
async function typedoc(folder: string, tools: string): Promise<string> {
  const out = mkdtempSync(join(tmpdir(), "slipstream-api-"));
  try {
    await run(
      process.execPath,
      [
        join(tools, "node_modules/typedoc/bin/typedoc"),
        ...["--options", join(root, "packaging/tools/typedoc.json")],
        ...["--plugin", join(tools, "node_modules/typedoc-plugin-markdown/dist/index.js")],
        ...["--tsconfig", join(root, "tsconfig.json")],
        ...["--entryPoints", join(root, folder, "src/index.ts")],
        ...["--out", out],
      ],
      { cwd: tools },
    );
    return readFileSync(join(out, "index.md"), "utf8");
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

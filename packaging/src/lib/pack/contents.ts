import { posix } from "node:path";

/** The text of a tarball's files, by path in the package. */
export type Contents = ReadonlyMap<string, string>;

const needed = ["LICENSE", "README.md", "package.json"];
const unwanted = /\.test\.|(?:^|\/)(?:testing|fixtures)\/|\.tsbuildinfo$|(?:^|\/)\.[^/]*$/;

/** What is wrong with the files of a tarball, one line each. */
export function contentFaults(contents: Contents): readonly string[] {
  const paths = [...contents.keys()];
  return [
    ...needed.filter((path) => !contents.has(path)).map((path) => `${path} is missing`),
    ...paths.filter((path) => unwanted.test(path)).map((path) => `${path} does not belong into a package`),
    ...paths.filter((path) => path.endsWith(".map")).flatMap((path) => mapFaults(path, contents)),
    ...unbuilt(paths),
  ];
}

/** A map leads to sources that must be in the package, or hold their text itself. */
function mapFaults(path: string, contents: Contents): readonly string[] {
  const { sources, sourcesContent } = JSON.parse(contents.get(path) ?? "{}") as {
    sources?: readonly string[];
    sourcesContent?: readonly string[];
  };
  if (sourcesContent !== undefined) return [];
  return (sources ?? [])
    .map((source) => posix.join(posix.dirname(path), source))
    .filter((source) => !contents.has(source))
    .map((source) => `${path} leads to ${source}, which is missing`);
}

/** A source that was not built is of no use to anybody. Each has declarations of its own; programs hold several. */
function unbuilt(paths: readonly string[]): readonly string[] {
  const all = new Set(paths);
  return paths
    .filter((path) => /^src\/.*(?<!\.d)\.ts$/.test(path))
    .filter((path) => !all.has(path.replace(/^src/, "dist").replace(/ts$/, "d.ts")))
    .map((path) => `${path} has no declarations in dist`);
}

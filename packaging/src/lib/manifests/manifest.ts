import type { Identity } from "./identity.ts";

export type Manifest = Readonly<Record<string, unknown>>;

/** What a tarball holds: what is built, and the sources that its maps lead to. */
const files = [
  "dist",
  "!dist/.tsbuildinfo",
  "src",
  "!src/**/*.test.ts",
  "!src/**/testing",
  "!src/**/docs",
  "!src/docs.main.ts",
];

/** A tarball has a manifest of its own (`publishedManifest`), so this folder is not to be published as it is. */
const REFUSE_TO_PUBLISH = "echo 'Publish the tarballs that npm run tarballs makes' && exit 1";

/** Fields in the order in which every `package.json` has them; others follow. */
const order = [
  "name",
  "version",
  "private",
  "description",
  "keywords",
  "homepage",
  "bugs",
  "repository",
  "license",
  "author",
  "type",
  "sideEffects",
  "exports",
  "bin",
  "files",
  "publishConfig",
  "engines",
  "scripts",
  "dependencies",
  "peerDependencies",
  "devDependencies",
];

/**
 * A package's manifest with everything that follows from the identity and the folder.
 * What differs between packages (description, keywords, exports, engines, dependencies) is kept as written.
 *
 * @param folder path in the repository, such as "packages/stats"
 */
export function completed(manifest: Manifest, folder: string, identity: Identity): Manifest {
  const { scope, version, license } = identity;
  const common = { ...manifest, version, license, ...dependencies(manifest, identity) };
  const scoped = folder.startsWith("packages/")
    ? { name: `${scope}/${folder.slice("packages/".length)}` }
    : {};
  return ordered(
    manifest.private === true
      ? { ...common, ...scoped }
      : { ...common, ...scoped, ...published(manifest, folder, identity) },
  );
}

/** The root's manifest: the identity stands in it, and only what it wants of the packages follows from that. */
export function completedRoot(manifest: Manifest, identity: Identity): Manifest {
  return { ...manifest, ...dependencies(manifest, identity) };
}

function published(manifest: Manifest, folder: string, identity: Identity): Manifest {
  const { repository, author } = identity;
  return {
    author,
    homepage: `${repository}#readme`,
    bugs: `${repository}/issues`,
    repository: { type: "git", url: `git+${repository}.git`, directory: folder },
    exports: { ...entries(manifest.exports), "./package.json": "./package.json" },
    files: manifest.bin === undefined ? files : ["bin", ...files],
    publishConfig: { access: "public" },
    scripts: { prepublishOnly: REFUSE_TO_PUBLISH },
  };
}

/**
 * Other packages of this repository are wanted in the version that they have here, or a compatible one. So is what
 * a published package depends on: the lock file pins it for us, and must not do so for others.
 */
function dependencies(manifest: Manifest, { scope, version }: Identity): Manifest {
  const kinds = ["dependencies", "peerDependencies", "devDependencies"].filter((kind) => kind in manifest);
  return Object.fromEntries(
    kinds.map((kind) => {
      const ranged = kind === "dependencies" && manifest.private !== true;
      const wanted = (name: string, range: unknown): unknown => {
        if (name.startsWith(`${scope}/`)) return `^${version}`;
        return ranged && typeof range === "string" && /^\d/.test(range) ? `^${range}` : range;
      };
      const all = Object.entries(entries(manifest[kind]));
      return [kind, Object.fromEntries(all.map(([name, range]) => [name, wanted(name, range)]))];
    }),
  );
}

function ordered(manifest: Manifest): Manifest {
  const place = (key: string) => (order.includes(key) ? order.indexOf(key) : order.length);
  return Object.fromEntries(Object.entries(manifest).toSorted(([a], [b]) => place(a) - place(b)));
}

function entries(value: unknown): Manifest {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

import { z } from "zod";
import type { Manifest } from "../manifests/manifest.ts";

const targets = z.record(
  z.string(),
  z.union([z.string(), z.looseObject({ types: z.string(), default: z.string() })]),
);

const required = z.object({ require: z.object({ default: z.string() }) });

/**
 * The manifest of a tarball. It differs from the one in the repository:
 * - A package that names no Node needs 24.11. In the repository npm would warn of it on Node 20, although `npm ci`
 *   installs a Node 24 that runs it.
 * - CommonJS gets a program and declarations of its own, and `moduleResolution: node10`, which reads no `exports`, the fields that
 *   it does read.
 *
 * @throws ZodError if `exports` has another form than the repository's packages have
 */
export function publishedManifest({ scripts: _, ...manifest }: Manifest): Manifest {
  const exports = targets.parse(manifest.exports);
  const { ".": main, ...others } = exports;
  const subpaths = Object.entries(others).flatMap(([path, target]) =>
    typeof target === "string" ? [] : [[path.slice("./".length), [target.types]] as const],
  );
  return {
    engines: { node: ">=24.11" },
    ...manifest,
    ...(typeof main === "object" && { main: main.default, types: main.types }),
    ...(subpaths.length > 0 && { typesVersions: { "*": Object.fromEntries(subpaths) } }),
    exports: Object.fromEntries(
      Object.entries(exports).map(([path, target]) => [
        path,
        typeof target === "string" ? target : both(target),
      ]),
    ),
  };
}

/** The files that `require` loads, by a published manifest. Each is to require the ES module of the same name. */
export function commonJsPrograms({ exports }: Manifest): readonly string[] {
  const programs = z.record(z.string(), z.unknown()).parse(exports);
  return Object.values(programs).flatMap((target) => {
    const { success, data } = required.safeParse(target);
    return success ? [data.require.default] : [];
  });
}

function both(target: { readonly types: string; readonly default: string }): Manifest {
  const { "slipstream-source": _, types, default: program }: Manifest = target;
  return {
    require: {
      types: String(types).replace(/ts$/, "cts"),
      default: String(program).replace(/js$/, "cjs"),
    },
    types,
    default: program,
  };
}

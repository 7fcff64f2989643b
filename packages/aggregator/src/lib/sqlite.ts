import type * as Sqlite from "node:sqlite";

/**
 * Some versions of Node warn in each thread that SQLite is experimental. Slipstream is tested with it, so that warning helps nobody.
 * It is held back while the module loads, and every other warning is printed.
 */
function loadQuietly(): typeof Sqlite {
  const { emitWarning } = process;
  process.emitWarning = (warning: string | Error, ...rest: unknown[]): void => {
    if (rest[0] === "ExperimentalWarning" && String(warning).startsWith("SQLite")) return;
    Reflect.apply(emitWarning, process, [warning, ...rest]);
  };
  try {
    // An import of it would end the loading of this package on an older Node, before anything can say what is wrong.
    return process.getBuiltinModule("node:sqlite");
  } finally {
    process.emitWarning = emitWarning;
  }
}

const sqlite: typeof Sqlite = loadQuietly();

export const DatabaseSync: typeof Sqlite.DatabaseSync = sqlite.DatabaseSync;
export type DatabaseSync = Sqlite.DatabaseSync;

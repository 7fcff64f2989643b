import type * as Sqlite from "node:sqlite";

// An import of it would end the loading of this package on an older Node, before anything can say what is wrong.
const sqlite: typeof Sqlite = process.getBuiltinModule("node:sqlite");

export const DatabaseSync: typeof Sqlite.DatabaseSync = sqlite.DatabaseSync;
export type DatabaseSync = Sqlite.DatabaseSync;

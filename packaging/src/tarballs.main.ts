import { mkdirSync } from "node:fs";
import { resolve } from "node:path";
import { packAll } from "./lib/pack/tarballs.ts";

/** Writes the tarball of every published package into a folder: `npm run tarballs -- FOLDER`. */
const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error("Name the folder to write to: npm run tarballs -- FOLDER");
// npm runs this in its workspace, and the folder is meant where npm was called.
const target = resolve(process.env.INIT_CWD ?? ".", folder);
mkdirSync(target, { recursive: true });
for (const { file } of await packAll(target)) console.log(file);

import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** Whether a program is in one of the folders of PATH. */
export function onPath(program: string, path: string = process.env.PATH ?? ""): boolean {
  return path.split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return folder !== "";
    } catch {
      return false;
    }
  });
}

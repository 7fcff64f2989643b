import { existsSync, readFileSync } from "node:fs";

const docs = new URL("../../../../docs/", import.meta.url);

/** Whether a page of `docs/` exists and has the heading that the anchor names. */
export function isInDocs(address: string): boolean {
  const [page = "", anchor] = address.split("#");
  const file = new URL(page, docs);
  if (!existsSync(file)) return false;
  if (anchor === undefined) return true;
  const headings = readFileSync(file, "utf8").matchAll(/^#+ (.*)$/gm);
  return Array.from(headings, ([, heading = ""]) => anchorOf(heading)).includes(anchor);
}

/** As GitHub makes anchors of headings. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");
}

/**
 * The code between `// #region NAME` and `// #endregion`.
 *
 * @throws Error if the text has no such region
 */
export function region(text: string, name: string): string {
  const start = `// #region ${name}\n`;
  const from = text.indexOf(start);
  const to = text.indexOf("// #endregion", from);
  if (from < 0 || to < 0) throw new Error(`no region ${name}`);
  return text.slice(from + start.length, to);
}

const block = /(<!-- code: (\S+)#(\S+) -->\n```ts\n)[\s\S]*?(```)/g;

/**
 * The page with each block of code below `<!-- code: FILE#REGION -->` replaced by that region of that file.
 *
 * @param read the text of a file of this repository
 */
export function withCode(page: string, read: (path: string) => string): string {
  return page.replace(block, (_, head: string, file: string, name: string, end: string) => {
    return `${head}${region(read(file), name)}${end}`;
  });
}

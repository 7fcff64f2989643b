/**
 * The text of a declaration file as one of a CommonJS module: what it imports of its own package is the CommonJS
 * form too. TypeScript under `module: node16` lets no CommonJS file import an ES module, although Node does.
 */
export function commonJsDeclaration(text: string): string {
  return text
    .replace(/(\bfrom |\bimport ?\(?)"(\.{1,2}\/[^"]*?)\.[jt]s"/g, '$1"$2.cjs"')
    .replace(/^\/\/# sourceMappingURL=.*$/m, "");
}

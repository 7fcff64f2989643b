/** An owner's account for a token. Made from both names, so it is always the same. */
export function tokenAccount(owner: string, mint: string): string {
  return owner.slice(0, 22) + mint.slice(0, 21);
}

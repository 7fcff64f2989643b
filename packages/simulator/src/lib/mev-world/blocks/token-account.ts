/** An owner's account of a token: made of both names, so that it is always the same. */
export function tokenAccount(owner: string, mint: string): string {
  return owner.slice(0, 22) + mint.slice(0, 21);
}

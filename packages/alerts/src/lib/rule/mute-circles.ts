/**
 * Finds rules that mute one another in a circle, over any number of rules: they have the same number, and no others have it.
 * @param mutes what each rule mutes, by id
 */
export function muteCircles(mutes: ReadonlyMap<string, readonly string[]>): ReadonlyMap<string, number> {
  // Tarjan's strongly connected components.
  const circles = new Map<string, number>();
  const numbers = new Map<string, number>();
  const open: string[] = [];
  const visit = (id: string): number => {
    const number = numbers.size;
    numbers.set(id, number);
    open.push(id);
    let earliest = number;
    for (const muted of mutes.get(id) ?? []) {
      if (circles.has(muted)) continue;
      earliest = Math.min(earliest, numbers.get(muted) ?? visit(muted));
    }
    if (earliest === number) for (const member of open.splice(open.indexOf(id))) circles.set(member, number);
    return earliest;
  };
  for (const id of mutes.keys()) if (!numbers.has(id)) visit(id);
  return circles;
}

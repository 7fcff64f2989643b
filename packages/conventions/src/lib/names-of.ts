type Named = Readonly<Record<string, { readonly name: string }>>;

export type NamesOf<Table extends Named> = { readonly [Key in keyof Table]: Table[Key]["name"] };

/** The names of a table by its keys. */
export function namesOf<Table extends Named>(table: Table): NamesOf<Table> {
  return Object.fromEntries(Object.entries(table).map(([key, { name }]) => [key, name])) as NamesOf<Table>;
}

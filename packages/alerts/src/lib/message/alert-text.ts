/** What a notification says, for channels to lay out. Every text is plain: it is escaped by the channel. */
export interface AlertText {
  /** Without the severity. */
  readonly title: string;
  readonly lines: readonly TextLine[];
  /** What it rests on: worst pairs, counts and interval, a trade. */
  readonly evidence: readonly TextLine[];
  readonly links: readonly { readonly name: string; readonly url: string }[];
}

export interface TextLine {
  /** "Impact", "Action", "Recommendation", "Worst pairs", ...; null: a sentence of its own. */
  readonly label: string | null;
  readonly text: string;
}

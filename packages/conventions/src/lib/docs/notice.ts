/** First line of each generated page. */
export const generatedNotice =
  "<!-- Generated from packages/conventions by `npm run docs`. Edit the tables there, not this page. -->";

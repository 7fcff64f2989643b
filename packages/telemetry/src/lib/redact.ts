const URL_WITH_SECRETS = /\b([a-z][a-z0-9+.-]*:\/\/)([^\s/?#"'<>`]*@)?([^\s?#"'<>`]*)([?#][^\s"'<>`]*)?/gi;

/** `text` with the URLs in it cut down to what is no secret: no user or password, no query, no fragment. */
export function withoutUrlSecrets(text: string): string {
  if (!text.includes("://")) return text;
  return text.replace(URL_WITH_SECRETS, (_, scheme: string, _user, rest: string) => `${scheme}${rest}`);
}

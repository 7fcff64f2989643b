const URL_WITH_SECRETS = /\b([a-z][a-z0-9+.-]*:\/\/)([^\s/?#"'<>`]*@)?([^\s?#"'<>`]*)([?#][^\s"'<>`]*)?/gi;

/** `text` with the secrets removed from its URLs: user, password, query and fragment. */
export function withoutUrlSecrets(text: string): string {
  if (!text.includes("://")) return text;
  return text.replace(URL_WITH_SECRETS, (_, scheme: string, _user, rest: string) => `${scheme}${rest}`);
}

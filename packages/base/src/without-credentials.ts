/** A scheme and what stands before the host: a user name, perhaps with a password, which may hold an @ itself. */
const credentials = /\b([a-z][a-z0-9.+-]*:\/\/)[^\s/"'\\]*@/gi;

/** Any text for people or logs, the user names and passwords in the addresses that it shows left out. */
export function withoutCredentials(text: string): string {
  return text.includes('@') ? text.replace(credentials, '$1') : text;
}

/** A text of ours in which `<b>…</b>` marks what leads. */
export function RichText({ text }: { readonly text: string }) {
  return text.split(/(<b>.*?<\/b>)/).map((part, index) => {
    const strong = /^<b>(.*)<\/b>$/.exec(part)?.[1];
    // Parts never move within a text, so their place is their identity.
    const key = `${index}`;
    return strong === undefined ? <span key={key}>{part}</span> : <b key={key}>{strong}</b>;
  });
}

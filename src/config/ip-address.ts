/** An IPv6 address in brackets in its shortest form, so that each has one spelling; undefined: it is none. */
export function shortestAddress(bracketed: string): string | undefined {
  const url = `http://${bracketed}/`;
  return URL.canParse(url) ? new URL(url).hostname : undefined;
}

/**
 * Whether a host is reached directly: it is this machine's own, or NO_PROXY names it. As curl, Go and botocore read that
 * variable: parts separated by commas or blanks, a name is meant with all beneath it (`example.com`, `.example.com` and
 * `*.example.com` alike), a port narrows it, `*` is everything.
 */
export function goesDirectly(noProxy: string, host: string, port: number): boolean {
  const name = bare(host);
  if (isLoopback(name)) return true;
  return noProxy
    .split(/[\s,]+/)
    .some((part) => part !== '' && (part === '*' || matches(part.toLowerCase(), name, port)));
}

function matches(part: string, name: string, port: number): boolean {
  const [, pattern = part, only] = /^(\[[^\]]+\]|[^:]+):(\d+)$/.exec(part) ?? [];
  if (only !== undefined && Number(only) !== port) return false;
  const parent = bare(pattern).replace(/^\*?\./, '');
  return parent !== '' && (name === parent || name.endsWith(`.${parent}`));
}

function bare(host: string): string {
  return host
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '');
}

function isLoopback(name: string): boolean {
  return name === 'localhost' || name.endsWith('.localhost') || name === '::1' || /^127(\.\d{1,3}){3}$/.test(name);
}

/** What a Drift says of a look-up that AWS denies. */
export function mayNotBeAsked(action: string): string {
  return `may not be asked (${action})`;
}

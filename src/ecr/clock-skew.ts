// Signatures of version 4 are good for five minutes (AWS General Reference, "Elements of an AWS API request signature").
const TOLERANCE_MS = 5 * 60_000;

/** How far the agent's clock is ahead of AWS's, in milliseconds; 0 within what AWS tolerates, or where AWS's is unknown. */
export function skewOf(awsNow: number | undefined, now: number): number {
  if (awsNow === undefined) return 0;
  const ahead = now - awsNow;
  return Math.abs(ahead) > TOLERANCE_MS ? ahead : 0;
}

/** Both clocks, and how far apart they are. */
export function clockDifference(awsNow: number | undefined, now: number): string {
  const here = `${stamp(now)} here`;
  if (awsNow === undefined) return here;
  const ahead = now - awsNow;
  return `${here}, ${stamp(awsNow)} at AWS, ${minutes(Math.abs(ahead))} ${ahead < 0 ? 'behind' : 'ahead'}`;
}

function stamp(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

function minutes(ms: number): string {
  const total = Math.round(ms / 60_000);
  const hours = Math.floor(total / 60);
  return hours === 0 ? `${total} min` : `${hours} h ${total % 60} min`;
}

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** Decimal units, as docker prints sizes: `61 MB`, `3.1 MB`. */
export function bytes(count: number): string {
  let value = count;
  let unit = 0;
  // 999.5 would round to 1000.
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = unit > 0 && value < 9.95 ? 1 : 0;
  return `${value.toFixed(digits)} ${UNITS[unit] ?? ''}`;
}

/** `0.3 s`, `2 m 5 s`, `11 h 59 m`: tenths only where they mean something. */
export function duration(ms: number): string {
  if (ms < 59_950) return `${(Math.max(0, ms) / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return two(minutes, 'm', seconds % 60, 's');
  return two(Math.floor(minutes / 60), 'h', minutes % 60, 'm');
}

/** A limit or a silence, which is a round number: `30 s`, `2 m`. */
export function span(ms: number): string {
  return ms < 60_000 ? `${Math.round(ms / 1000)} s` : duration(ms);
}

/** `2026-03-01 09:41 UTC`. */
export function moment(ms: number): string {
  const at = new Date(ms);
  return Number.isNaN(at.getTime()) ? 'an unknown time' : `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** `4,120`. */
export function count(value: number): string {
  return String(value).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** `1 layer`, `6 layers`. */
export function plural(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
}

function two(major: number, majorUnit: string, minor: number, minorUnit: string): string {
  return minor === 0 ? `${major} ${majorUnit}` : `${major} ${majorUnit} ${minor} ${minorUnit}`;
}

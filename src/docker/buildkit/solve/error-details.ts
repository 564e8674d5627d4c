import { isRecord, parseJson } from '../../json';
import { fieldsOf, textOf, WireError } from '../wire/reader';

export interface LineRange {
  readonly from: number;
  readonly to: number;
}

const SOURCE = /\/errdefs\.Source(\+json)?$|\.Source\+json$/;

/**
 * The Dockerfile's lines that an error is about. 29 sends google.rpc.Status{3 details} with Any{1 type url, 2 value}
 * whose values are JSON (buildkit's util/grpcerrors); 20.10 sends none.
 */
export function failingLines(details: Buffer | undefined): readonly LineRange[] {
  if (details === undefined) return [];
  try {
    for (const field of fieldsOf(details)) {
      if (field.number !== 3 || field.bytes === undefined) continue;
      const ranges = sourceRanges(field.bytes);
      if (ranges.length > 0) return ranges;
    }
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
  }
  return [];
}

function sourceRanges(any: Buffer): readonly LineRange[] {
  let [url, json] = ['', ''];
  for (const field of fieldsOf(any)) {
    if (field.number === 1) url = textOf(field);
    if (field.number === 2) json = textOf(field);
  }
  const source = SOURCE.test(url) ? parseJson(json) : undefined;
  const ranges: readonly unknown[] = isRecord(source) && Array.isArray(source['ranges']) ? source['ranges'] : [];
  return ranges.flatMap((range) => {
    if (!isRecord(range)) return [];
    const [from, to] = [lineOf(range['start']), lineOf(range['end'])];
    return from === undefined ? [] : [{ from, to: Math.max(from, to ?? from) }];
  });
}

function lineOf(position: unknown): number | undefined {
  const line = isRecord(position) ? position['line'] : undefined;
  return typeof line === 'number' && Number.isSafeInteger(line) && line > 0 ? line : undefined;
}

import type { Sourced } from '../domain/origin';
import type { PemPlan } from '../domain/plan';
import { Secret } from '../domain/secret';
import { pemFault, plainPem } from './pem-text';
import type { DaemonParts, PartFault } from './daemon-parts';

const PEM_PARTS = ['ca', 'cert', 'key'] as const;

type Source = (part: (typeof PEM_PARTS)[number], value: Secret) => Sourced<Secret>;

/** `.ca`, `.cert` and `.key` of one daemon, which are PEM itself; undefined: there are none. */
export function pemOf(parts: DaemonParts, source: Source): PemPlan | undefined {
  if (!PEM_PARTS.some((part) => parts[part] !== undefined)) return undefined;
  const one = (part: (typeof PEM_PARTS)[number]): Sourced<Secret> | undefined => {
    const text = parts[part];
    return text === undefined ? undefined : source(part, new Secret(plainPem(text)));
  };
  return { ca: one('ca'), cert: one('cert'), key: one('key') };
}

/** None of them is quoted. */
export function pemFaults(parts: DaemonParts): PartFault[] {
  const given = PEM_PARTS.filter((part) => parts[part] !== undefined);
  return [
    ...given.flatMap((part) => {
      const message = pemFault(part === 'key' ? 'PRIVATE KEY' : 'CERTIFICATE', parts[part] ?? '');
      return message === undefined ? [] : [{ part, message }];
    }),
    ...(given.length > 0 && parts.certs !== undefined
      ? [{ part: given[0] ?? 'ca', message: 'contradicts .certs: certificates are in a folder or here, not in both' }]
      : []),
    ...alone(parts, 'cert', 'key'),
    ...alone(parts, 'key', 'cert'),
  ];
}

function alone(parts: DaemonParts, part: 'cert' | 'key', other: 'cert' | 'key'): PartFault[] {
  if (parts[part] === undefined || parts[other] !== undefined) return [];
  return [{ part, message: `has no .${other} beside it: a client certificate and its key go together` }];
}

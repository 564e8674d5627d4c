import { variablesOf } from '../expand';
import { Reading } from '../reading';
import { parseVariableName } from '../pem-fields';
import type { Surroundings } from '../surroundings';
import { loginAttributes } from './login-lines';
import { secretAttributes } from './secret-lines';

/**
 * The variables that Secrets, RegistryLogins and TlsKey name: whatever they are called, they hold secrets. Also of lines in which
 * something else is wrong, for the messages about those lines are printed too.
 */
export function declaredSecrets({
  fields,
  jobVariables,
  agentEnvironment,
}: Pick<Surroundings, 'fields' | 'jobVariables' | 'agentEnvironment'>): ReadonlySet<string> {
  const reading = new Reading(fields, { variables: variablesOf(jobVariables, agentEnvironment) });
  const names = secretAttributes(reading).map(({ pairs }) => {
    const typed = pairs.get('env') ?? (pairs.get('type')?.text === 'env' ? pairs.get('src') : undefined);
    return typed ?? (pairs.has('src') ? undefined : pairs.get('id'));
  });
  const passwords = loginAttributes(reading).map(({ pairs }) => pairs.get('password-env'));
  const key = reading.one('TlsKey', parseVariableName)?.from;
  return new Set([...names, ...passwords, key].flatMap((value) => (value ? [value.text] : [])));
}

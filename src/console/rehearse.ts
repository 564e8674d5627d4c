import { Secret } from '../domain/secret';
import { createJobConsole } from './job-console';

/** Lays out a few events for nobody, so that a spare has run once what the first lines of a job run. */
export function rehearse(): void {
  const console = createJobConsole({ print: () => undefined, raw: () => undefined });
  console.mask.register('REHEARSAL', new Secret('a-rehearsal'));
  const fieldsSet = [{ name: 'Repository' }];
  const started = {
    version: '0',
    mode: 'check',
    repository: 'a',
    endpoint: 'b',
    phases: ['preflight'],
    fieldsSet,
  } as const;
  console.report({ at: 0, event: { type: 'started', ...started } });
  console.report({ at: 1, event: { type: 'phase-started', phase: 'preflight' } });
  console.report({ at: 2, event: { type: 'note', text: 'a rehearsal' } });
  console.report({ at: 3, event: { type: 'phase-ended', phase: 'preflight', ok: true } });
  console.report({ at: 4, event: { type: 'ended', outcome: { kind: 'checked' }, files: [] } });
  console.close();
}

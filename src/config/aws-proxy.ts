import type { Problem } from '../domain/errors';
import { describeOrigin, type Origin } from '../domain/origin';
import type { ProxyPlan } from '../domain/plan';
import { Secret } from '../domain/secret';
import { setOf, type Variables } from './aws-variables';
import { quote } from './quote';

export interface ProxyDecision {
  readonly proxy: ProxyPlan | undefined;
  readonly problems: readonly Problem[];
  readonly notes: readonly string[];
}

// In the order in which Go's net/http, hence docker, looks at them. HTTP_PROXY is not among them: AWS is reached by https.
const PROXY = ['HTTPS_PROXY', 'https_proxy'];
const EXCEPT = ['NO_PROXY', 'no_proxy'];

/** The proxy and its exceptions are of one side: the job's if it names a proxy, else the agent's. */
export function proxyOf({ job, agent }: { readonly job: Variables; readonly agent: Variables }): ProxyDecision {
  const [ofJob] = setOf(job, PROXY);
  const [found = ofJob] = ofJob ? [] : setOf(agent, PROXY);
  if (!found) return { proxy: undefined, problems: [], notes: [] };
  const [name, text] = found;
  const origin: Origin = { kind: ofJob ? 'job-variable' : 'agent-environment', name };
  const url = parseProxy(text);
  if (typeof url === 'string') {
    const message = `${quote(withScheme(text))} (${describeOrigin(origin)}) ${url}`;
    return { proxy: undefined, problems: [{ field: name, message }], notes: [] };
  }
  const [, noProxy = ''] = setOf(ofJob ? job : agent, EXCEPT)[0] ?? [];
  const shown = `http://${url.host}`;
  return {
    proxy: { url: new Secret(url.href), display: { value: shown, origin }, noProxy },
    problems: [],
    notes: ofJob ? [] : unused(job, `${shown} (${describeOrigin(origin)})`),
  };
}

function unused(job: Variables, proxy: string): string[] {
  return setOf(job, EXCEPT)
    .slice(0, 1)
    .map(([name]) => `job variable ${name} is not used: the proxy is ${proxy}, and so are its exceptions`);
}

/** As curl and docker take it, a proxy may be named without its scheme. */
function withScheme(text: string): string {
  return text.includes('://') ? text : `http://${text}`;
}

/** A text: what is wrong with it. */
function parseProxy(text: string): URL | string {
  const whole = withScheme(text);
  const url = URL.canParse(whole) ? new URL(whole) : undefined;
  if (url?.protocol !== 'http:') return 'is not the http:// URL of a proxy: no other kind is spoken with';
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') return 'has a path: a proxy is a host and a port';
  return url;
}

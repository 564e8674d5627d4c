import { planOf, problemsOf, type Given } from './given';

/** Address, where it is shown to come from, exceptions. */
function proxy(given: Given): unknown[] {
  const plan = planOf(given).aws.proxy;
  return plan ? [plan.url.reveal(), plan.display.value, plan.display.origin, plan.noProxy] : [];
}

describe('the proxy', () => {
  const job = (name: string): object => ({ kind: 'job-variable', name });
  const agent = (name: string): object => ({ kind: 'agent-environment', name });
  test.each<[Given, unknown[]]>([
    [{ agent: { HTTP_PROXY: 'http://p:1', http_proxy: 'http://p:1', NO_PROXY: 'x' } }, []],
    [{ agent: { HTTPS_PROXY: '' } }, []],
    [
      { agent: { HTTPS_PROXY: 'http://p:3128', NO_PROXY: '.corp,10.0.0.0/8' } },
      ['http://p:3128/', 'http://p:3128', agent('HTTPS_PROXY'), '.corp,10.0.0.0/8'],
    ],
    [
      { agent: { https_proxy: 'p.corp:3128', no_proxy: 'a' } },
      ['http://p.corp:3128/', 'http://p.corp:3128', agent('https_proxy'), 'a'],
    ],
    [
      { job: { HTTPS_PROXY: 'http://j' }, agent: { HTTPS_PROXY: 'http://a', NO_PROXY: 'of.the.agent' } },
      ['http://j/', 'http://j', job('HTTPS_PROXY'), ''],
    ],
    [
      { job: { HTTPS_PROXY: 'http://me:p%40ss@[fd00::7]:8080/' } },
      ['http://me:p%40ss@[fd00::7]:8080/', 'http://[fd00::7]:8080', job('HTTPS_PROXY'), ''],
    ],
    [
      { agent: { HTTPS_PROXY: 'http://upper', https_proxy: 'http://lower', NO_PROXY: 'upper', no_proxy: 'lower' } },
      ['http://upper/', 'http://upper', agent('HTTPS_PROXY'), 'upper'],
    ],
  ])('%j', (given, found) => {
    expect(proxy(given)).toEqual(found);
  });

  test('of the agent keeps its own exceptions, and that is told', () => {
    const given = { job: { NO_PROXY: 'ecr.corp' }, agent: { HTTPS_PROXY: 'http://u:hunter2@p:1', NO_PROXY: 'a' } };
    expect(proxy(given)).toEqual(['http://u:hunter2@p:1/', 'http://p:1', agent('HTTPS_PROXY'), 'a']);
    expect(planOf(given).notes).toEqual([
      'job variable NO_PROXY is not used: the proxy is http://p:1 (agent environment HTTPS_PROXY), and so are its exceptions',
    ]);
  });

  test('prints without its password', () => {
    const { aws } = planOf({ job: { HTTPS_PROXY: 'http://me:hunter2@p:1' } });
    expect(JSON.stringify(aws.proxy)).toBe(
      '{"url":"****","display":{"value":"http://p:1","origin":{"kind":"job-variable","name":"HTTPS_PROXY"}},"noProxy":""}',
    );
  });

  const KIND = 'is not the http:// URL of a proxy: no other kind is spoken with';
  test.each<[Given, string]>([
    [{ job: { HTTPS_PROXY: 'socks5://p:1080' } }, `HTTPS_PROXY: "socks5://p:1080" (job variable HTTPS_PROXY) ${KIND}`],
    [
      { agent: { https_proxy: 'https://me:hunter2@p:1' } },
      `https_proxy: "https://****@p:1" (agent environment https_proxy) ${KIND}`,
    ],
    [{ agent: { HTTPS_PROXY: 'a b' } }, `HTTPS_PROXY: "http://a b" (agent environment HTTPS_PROXY) ${KIND}`],
    [
      { job: { HTTPS_PROXY: 'http://p:1/path' } },
      'HTTPS_PROXY: "http://p:1/path" (job variable HTTPS_PROXY) has a path: a proxy is a host and a port',
    ],
  ])('%j: %s', (given, problem) => {
    expect(problemsOf(given)).toEqual([problem]);
  });
});

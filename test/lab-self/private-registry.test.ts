import { describeWithLab, engineApi, lab, labClient } from '../lab/client';
import { privatePassword, privateUser } from '../lab/private-registry';

const login = { username: privateUser, password: privatePassword };

describeWithLab('the private registry', () => {
  test('has images for who knows the password, and notes what everybody sent', async () => {
    const [api, scope] = [engineApi(), labClient.scope()];
    const name = `${lab().privateHost}/${scope.prefix}/base`;
    await api.tag('lab/busybox:1', name, '1');
    expect((await api.push(name, '1', { ...login, serveraddress: lab().privateHost })).error).toBeUndefined();
    await api.json('DELETE', `/images/${name}:1`);
    const before = (await scope.privateRequests()).length;
    expect((await api.pull(name, '1', { username: privateUser, password: 'guessed' })).error).toMatch(
      /unauthorized|401|denied|authorization failed/i,
    );
    expect((await api.pull(name, '1', login)).error).toBeUndefined();
    const requests = (await scope.privateRequests()).slice(before);
    const basic = (password: string): string => `Basic ${Buffer.from(`${privateUser}:${password}`).toString('base64')}`;
    expect(new Set(requests.map(({ authorization }) => authorization))).toEqual(
      new Set([null, basic('guessed'), basic(privatePassword)]),
    );
    for (const { authorization, accepted } of requests) expect(accepted).toBe(authorization === basic(privatePassword));
    await api.json('DELETE', `/images/${name}:1`);
  });
});

import type { AwsCredentialIdentity } from '@smithy/types';
import { remember } from '../../../src/ecr/remembered';

const MINUTE = 60_000;
const session = (n: number, minutes = 60): AwsCredentialIdentity => ({
  accessKeyId: `ASIA${n}`,
  secretAccessKey: 's',
  sessionToken: `t${n}`,
  expiration: new Date(Date.now() + minutes * MINUTE),
});

describe('remember', () => {
  it('fetches once, also for calls side by side', async () => {
    let count = 0;
    const { provide } = remember(() => Promise.resolve(session(++count)));
    const found = await Promise.all([provide(), provide(), provide()]);
    expect(found.map((one) => one.accessKeyId)).toEqual(['ASIA1', 'ASIA1', 'ASIA1']);
    expect([(await provide()).accessKeyId, count]).toEqual(['ASIA1', 1]);
  });

  it('fetches anew what ends within five minutes, and only that', async () => {
    let count = 0;
    const { provide } = remember(() => Promise.resolve(session(++count, count === 1 ? 4 : 6)));
    expect([(await provide()).accessKeyId, (await provide()).accessKeyId, count]).toEqual(['ASIA2', 'ASIA2', 2]);
  });

  it('keeps no failure', async () => {
    let count = 0;
    const { provide } = remember(() =>
      ++count === 1 ? Promise.reject(new Error('x')) : Promise.resolve(session(count)),
    );
    await expect(provide()).rejects.toThrow('x');
    expect((await provide()).accessKeyId).toBe('ASIA2');
  });

  it('renews what expired, and says when there is nothing else', async () => {
    let count = 0;
    const renewable = remember(() => Promise.resolve(session(++count)));
    const first = await renewable.provide();
    expect(await renewable.renew(first)).toBe(true);
    expect((await renewable.provide()).accessKeyId).toBe('ASIA2');
    expect([await renewable.renew(first), count]).toEqual([true, 2]); // another call has renewed it already
    const fixed = remember(() => Promise.resolve(session(7)));
    expect(await fixed.renew(await fixed.provide())).toBe(false);
  });
});

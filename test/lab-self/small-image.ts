import { createHash } from 'node:crypto';
import { engineApi } from '../lab/client';
import { builtImage, type EngineApi } from '../lab/engine-api';
import { tar } from '../lab/tar';

/** An image of one small layer, unlike any other. */
export async function smallImage(content: string, api: EngineApi = engineApi(), version = '1'): Promise<string> {
  const dockerfile = 'FROM lab/busybox:1\nCOPY content /content\nRUN test -s /content && id -u | grep -q 0\n';
  const context = tar([
    { name: 'Dockerfile', content: dockerfile },
    { name: 'content', content },
  ]);
  // Its own tag: on the containerd store an untagged BuildKit image can be lost.
  const t = `lab-self/small:${createHash('sha256').update(content).digest('hex')}`;
  return builtImage(await api.build(context, { version, t }));
}

import { randomInt } from 'node:crypto';
import { run } from './command';

/** A bridge per daemon: two daemons on one bridge, or one without any, disturb each other's containers. */

export async function makeBridge(name: string): Promise<void> {
  await run('ip', ['link', 'add', name, 'type', 'bridge']);
  try {
    await run('ip', ['address', 'add', `${await freeSubnet()}.1/24`, 'dev', name]);
    await run('ip', ['link', 'set', name, 'up']);
  } catch (error) {
    await removeBridge(name);
    throw error;
  }
}

export async function removeBridge(name: string): Promise<void> {
  await run('ip', ['link', 'delete', name]).catch(() => undefined);
}

async function freeSubnet(): Promise<string> {
  const taken = (await run('ip', ['-4', '-o', 'address'])) + (await run('ip', ['-4', 'route']));
  for (let attempt = 0; attempt < 50; attempt++) {
    const subnet = `10.${randomInt(100, 250)}.${randomInt(1, 250)}`;
    if (!taken.includes(` ${subnet.replace(/\.\d+$/, '.')}`)) return subnet;
  }
  throw new Error('no free 10.x.y.0/24 network for the lab');
}

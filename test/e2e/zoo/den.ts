import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  closeSync,
  ftruncateSync,
  linkSync,
  lutimesSync,
  mkdirSync,
  openSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { systemPath } from '../../lab/places';

/** Puts things into one folder; names are relative to it, in latin1 where they are no UTF-8. */
export class Den {
  constructor(readonly root: string) {}

  path(name: string): string {
    return join(this.root, name);
  }

  /** Creates the folders on its way. */
  file(name: string, content: string | Buffer = `${name}\n`, mode = 0o644): this {
    mkdirSync(dirname(this.path(name)), { recursive: true });
    writeFileSync(this.path(name), content);
    chmodSync(this.path(name), mode); // not by the umask
    return this;
  }

  files(...names: readonly string[]): this {
    for (const name of names) this.file(name);
    return this;
  }

  folder(name: string, mode = 0o755): this {
    mkdirSync(this.path(name), { recursive: true });
    chmodSync(this.path(name), mode);
    return this;
  }

  /** A file whose name is these bytes, in the folder `within`. */
  bytes(within: string, name: readonly number[]): this {
    const path = Buffer.concat([Buffer.from(`${this.path(within)}/`), Buffer.from(name)]);
    writeFileSync(path, 'named by bytes\n');
    return this;
  }

  symlink(name: string, target: string): this {
    mkdirSync(dirname(this.path(name)), { recursive: true });
    symlinkSync(target, this.path(name));
    return this;
  }

  hardlink(name: string, existing: string): this {
    mkdirSync(dirname(this.path(name)), { recursive: true });
    linkSync(this.path(existing), this.path(name));
    return this;
  }

  owner(name: string, id: number): this {
    chownSync(this.path(name), id, id);
    return this;
  }

  time(name: string, seconds: number): this {
    lutimesSync(this.path(name), seconds, seconds);
    return this;
  }

  /** Data at both ends, a hole between. */
  sparse(name: string, size: number): this {
    const handle = openSync(this.path(name), 'w');
    writeSync(handle, 'head');
    ftruncateSync(handle, size);
    writeSync(handle, 'tail', size - 4);
    closeSync(handle);
    return this;
  }

  /** Capabilities of a program, which are an extended attribute. */
  capable(name: string): this {
    execFileSync('setcap', ['cap_net_raw+ep', this.path(name)], { env: { PATH: systemPath() } });
    return this;
  }

  fifo(name: string): this {
    execFileSync('mkfifo', [this.path(name)]);
    return this;
  }

  /** The name of a socket whose server is gone. */
  socket(name: string): this {
    const leave = `require('node:net').createServer().listen(process.argv[1], () => process.kill(process.pid, 'SIGKILL'))`;
    try {
      execFileSync(process.execPath, ['-e', leave, this.path(name)], { stdio: 'ignore' });
    } catch {
      return this; // by its own signal
    }
    throw new Error('the server ended in another way');
  }
}

import { Fault } from '../fault';
import { splitPair } from '../items';
import type { NumberedLine } from '../items';
import type { Reading, Value } from '../reading';
import { withoutTwice } from './twice';

export interface SshLine {
  readonly where: string;
  readonly id: string;
  /** undefined: SSH_AUTH_SOCK tells it. */
  readonly socketPath: string | undefined;
}

const ID = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,255}$/;
const FROM_VARIABLE = '${SSH_AUTH_SOCK}';

/** As `docker build --ssh` has them, sockets of ssh agents only: `default`, `id=/path/of/agent.sock`. */
export function readSsh(reading: Reading): SshLine[] {
  const lines = reading.lines('Ssh').flatMap((line) => {
    const read = readLine(line, reading);
    if (read instanceof Fault) reading.problem('Ssh', `line ${line.number} ${read.message}`);
    return read === undefined || read instanceof Fault ? [] : [read];
  });
  return withoutTwice(reading, 'Ssh', lines, ({ id }) => id);
}

function readLine({ number, text }: NumberedLine, reading: Reading): SshLine | Fault | undefined {
  const where = `line ${number}`;
  const typed = splitPair(text);
  const id = reading.part('Ssh', typed.key);
  const path = typed.value?.trim() ?? '';
  const socket = path === '' || path === FROM_VARIABLE ? 'blank' : reading.part('Ssh', path);
  if (id === undefined || socket === undefined) return undefined;
  if (id.text === '' && typed.value === undefined) {
    reading.notes.push(`Ssh: ${where} is empty and is left out`);
    return undefined;
  }
  if (!ID.test(id.text)) {
    return new Fault(
      `begins with ${reading.quote(id.text)}, which is not an id: letters, digits, \`_\`, \`.\` and \`-\`; a line is default or default=/path/of/agent.sock`,
    );
  }
  const socketPath = socket === 'blank' || socket.text === '' ? undefined : socketOf(socket, reading);
  return socketPath instanceof Fault ? socketPath : { where, id: id.text, socketPath };
}

const NO_KEYS =
  'keys are not read: load the key into an ssh-agent (ssh-add) and name its socket, or nothing where SSH_AUTH_SOCK does';
// What ssh-keygen calls a key, and where keys lie.
const KEY_FILE = /(?:^|\/)\.ssh\/|(?:^|\/)id_[a-z0-9_]+$|\.(?:pem|key|ppk)$/i;
// sun_path of Linux has 108 bytes, one of them the end.
const LONGEST = 107;

function socketOf(value: Value, reading: Reading): string | Fault {
  const { text } = value;
  const shown = reading.quote(text);
  if (KEY_FILE.test(text) || text.startsWith('~'))
    return new Fault(`names ${shown}, which looks like a key; ${NO_KEYS}`);
  if (text.includes(',')) return new Fault(`names several files; ${NO_KEYS}`);
  if (value.names.length > 0) {
    return new Fault(
      `names ${reading.quote(value.typed)}: the path of a socket is typed as it is, or is ${FROM_VARIABLE} and nothing else`,
    );
  }
  if (!text.startsWith('/'))
    return new Fault(`names ${shown}, which is not the absolute path of an agent's socket; ${NO_KEYS}`);
  if (Buffer.byteLength(text) > LONGEST)
    return new Fault(`names ${shown}, which is longer than the ${LONGEST} bytes of a socket's path`);
  return text;
}

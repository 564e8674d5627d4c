import { LengthPrefixed } from '../wire/length-prefixed';

/** Of draft-ietf-sshm-ssh-agent: what may be asked, and the answer to everything else. */
const REQUEST_IDENTITIES = 11;
const SIGN_REQUEST = 13;

/** SSH_AGENT_FAILURE. */
export const FAILURE = Buffer.from([5]);

/** OpenSSH's own limit (AGENT_MAX_LEN). */
export const MAX_AGENT_MESSAGE_BYTES = 256 * 1024;

const LENGTH_BYTES = 4;

/** The other side speaks no agent protocol, or not at all. */
export class AgentProtocolError extends Error {}

/** To list keys and to sign; adding, removing, locking and extensions never reach the agent (CVE-2023-38408). */
export function mayBeRelayed(message: Buffer): boolean {
  return message[0] === REQUEST_IDENTITIES || message[0] === SIGN_REQUEST;
}

/** Puts an agent's messages together from bytes that are cut anywhere; `push` throws an AgentProtocolError. */
export function agentMessages(): LengthPrefixed {
  return new LengthPrefixed(LENGTH_BYTES, (prefix) => {
    const length = prefix.readUInt32BE(0);
    if (length > 0 && length <= MAX_AGENT_MESSAGE_BYTES) return length;
    throw new AgentProtocolError(`a message of ${length} bytes`);
  });
}

export function withLength(message: Buffer): Buffer {
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32BE(message.length);
  return Buffer.concat([length, message]);
}

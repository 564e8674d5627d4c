import type { Where } from '../where';
import type { ConnectionRow } from './connection-row';

function authority({ certPath, pem }: Where): string {
  if (pem?.ca !== undefined) return `the authority in ${pem.ca}`;
  return certPath === undefined ? 'an authority that this system knows' : `the authority in ca.pem of ${certPath}`;
}

function rightAuthority({ certPath, pem }: Where): string {
  if (pem?.ca !== undefined) return `Put the authority of the daemon's certificate into ${pem.ca}`;
  if (pem !== undefined) return "Set TlsCa to a variable that holds the authority of the daemon's certificate";
  return certPath === undefined
    ? "Set CertPath to a folder whose ca.pem is the authority of the daemon's certificate"
    : "Put the authority of the daemon's certificate into that ca.pem, or correct the certificate path";
}

function clientCertificate({ certPath, pem }: Where): string {
  if (pem?.cert !== undefined) return `the client certificate in ${pem.cert}`;
  return `the client certificate of ${certPath ?? 'this agent'}`;
}

function someClientCertificate({ certPath, pem }: Where): string {
  if (pem !== undefined) return 'Set TlsCert and TlsKey to variables that hold a client certificate and its key';
  return certPath === undefined
    ? 'Set CertPath to a folder with ca.pem, cert.pem and key.pem'
    : `Put cert.pem and key.pem beside ca.pem of ${certPath}`;
}

/** Every way in which TLS to a daemon fails that could be made to fail, each with words of its own. */
export const tlsRows: readonly ConnectionRow[] = [
  {
    when: /^(UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT(_LOCALLY)?|SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|CERT_SIGNATURE_FAILURE|CERT_UNTRUSTED)$/,
    code: 'DAEMON_TLS',
    blame: 'environment',
    message: (where) => `The certificate of the daemon at ${where.daemon} was not signed by ${authority(where)}`,
    hint: rightAuthority,
  },
  {
    when: /^CERT_HAS_EXPIRED$/,
    code: 'DAEMON_TLS',
    blame: 'environment',
    message: ({ daemon }) => `The certificate of the daemon at ${daemon} has expired`,
    hint: () => "Renew the daemon's certificate; if it is new, correct this agent's clock",
  },
  {
    when: /^CERT_NOT_YET_VALID$/,
    code: 'DAEMON_TLS',
    blame: 'environment',
    message: ({ daemon }) => `The certificate of the daemon at ${daemon} is not valid yet`,
    hint: () => "Correct the clock of this agent, or of the machine that issued the daemon's certificate",
  },
  {
    when: /^ERR_TLS_CERT_ALTNAME_INVALID$/,
    code: 'DAEMON_TLS',
    blame: 'environment',
    message: ({ daemon }) => `The certificate of the daemon at ${daemon} is for another host name`,
    hint: ({ origin }) => `Use a name that the certificate has (${origin}), or have it issued for this name too`,
  },
  {
    // 20.10 answers so with and without a client certificate (measured)
    when: /^(ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE|ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED)$/,
    only: ({ clientCertificate }) => !clientCertificate,
    code: 'DAEMON_TLS',
    blame: 'config',
    message: ({ daemon }) => `The daemon at ${daemon} wants a client certificate, and there is none to show`,
    hint: someClientCertificate,
  },
  {
    when: /^(ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE|ERR_SSL_TLSV1_ALERT_UNKNOWN_CA|ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED|ERR_SSL_TLSV1_ALERT_ACCESS_DENIED|ERR_SSL_SSLV3_ALERT_CERTIFICATE_(UNKNOWN|REVOKED))$/,
    code: 'DAEMON_TLS',
    blame: 'config',
    message: (where) => `The daemon at ${where.daemon} does not accept ${clientCertificate(where)}`,
    hint: () =>
      'Use a client certificate that was signed by the authority in which the daemon trusts (--tlscacert), and that has not expired',
  },
  {
    when: /^ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED$/,
    code: 'DAEMON_TLS',
    blame: 'config',
    message: (where) => `The daemon at ${where.daemon} says that ${clientCertificate(where)} has expired`,
    hint: () => "Renew the client certificate; if it is new, correct the clock of the daemon's machine",
  },
  {
    when: /^(EPROTO|ERR_SSL_WRONG_VERSION_NUMBER|ERR_SSL_PACKET_LENGTH_TOO_LONG)$/,
    text: /wrong version number|packet length too long/i,
    code: 'DAEMON_TLS',
    blame: 'config',
    message: ({ daemon }) => `The daemon at ${daemon} does not speak TLS on this port`,
    hint: ({ origin }) =>
      `Name its TLS port, usually 2376 (${origin}), or set TlsVerify=false for a daemon without TLS`,
  },
  {
    when: /^ECONNRESET$/,
    text: /before secure TLS connection was established/,
    code: 'DAEMON_TLS',
    blame: 'environment',
    message: ({ daemon }) => `The daemon at ${daemon} broke off the TLS handshake`,
    hint: ({ origin }) => `Check that this is its TLS port (${origin}), and look into the daemon's log`,
  },
  {
    when: /^(EPROTO$|ERR_SSL_|ERR_TLS_|ERR_OSSL_|CERT_|CRL_|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED|HOSTNAME_MISMATCH)/,
    code: 'DAEMON_TLS',
    blame: 'environment',
    message: ({ daemon }) => `The TLS handshake with the daemon at ${daemon} failed`,
    hint: () => 'Compare the certificates and TLS versions of both sides; TLS 1.2 is the least that is used',
  },
];

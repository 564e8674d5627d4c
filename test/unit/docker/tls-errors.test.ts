import { connectionError } from '../../../src/docker/errors/connection-errors';
import type { Where } from '../../../src/docker/where';
import { told } from './told';
import { tls } from './where';

const at = 'the daemon at tcp://build-2:2376 (field DockerHost)';
const config = { blame: 'config' };

const rows: readonly [code: string, text: string, where: Where, told: object][] = [
  [
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'unable to verify the first certificate',
    tls(),
    {
      message: `The certificate of ${at} was not signed by the authority in ca.pem of /certs (field CertPath)`,
      hint: "Put the authority of the daemon's certificate into that ca.pem, or correct the certificate path",
    },
  ],
  [
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'self-signed certificate',
    tls({ certPath: undefined, clientCertificate: false }),
    {
      message: `The certificate of ${at} was not signed by an authority that this system knows`,
      hint: "Set CertPath to a folder whose ca.pem is the authority of the daemon's certificate",
    },
  ],
  [
    'SELF_SIGNED_CERT_IN_CHAIN',
    'self-signed certificate in certificate chain',
    tls({ certPath: undefined, pem: { ca: 'job variable CA_PEM', cert: undefined } }),
    {
      message: `The certificate of ${at} was not signed by the authority in job variable CA_PEM`,
      hint: "Put the authority of the daemon's certificate into job variable CA_PEM",
    },
  ],
  [
    'SELF_SIGNED_CERT_IN_CHAIN',
    'self-signed certificate in certificate chain',
    tls({ certPath: undefined, pem: { ca: undefined, cert: 'job variable CERT_PEM' } }),
    {
      message: `The certificate of ${at} was not signed by an authority that this system knows`,
      hint: "Set TlsCa to a variable that holds the authority of the daemon's certificate",
    },
  ],
  [
    'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
    'tlsv13 alert certificate required',
    tls({ clientCertificate: false, certPath: undefined, pem: { ca: 'job variable CA_PEM', cert: undefined } }),
    {
      ...config,
      message: `The daemon at tcp://build-2:2376 (field DockerHost) wants a client certificate, and there is none to show`,
      hint: 'Set TlsCert and TlsKey to variables that hold a client certificate and its key',
    },
  ],
  [
    'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA',
    'tlsv1 alert unknown ca',
    tls({ certPath: undefined, pem: { ca: undefined, cert: 'agent settings daemon.eu.cert' } }),
    {
      ...config,
      message: `The daemon at tcp://build-2:2376 (field DockerHost) does not accept the client certificate in agent settings daemon.eu.cert`,
      hint: 'Use a client certificate that was signed by the authority in which the daemon trusts (--tlscacert), and that has not expired',
    },
  ],
  [
    'CERT_HAS_EXPIRED',
    'certificate has expired',
    tls(),
    {
      message: `The certificate of ${at} has expired`,
      hint: "Renew the daemon's certificate; if it is new, correct this agent's clock",
    },
  ],
  [
    'CERT_NOT_YET_VALID',
    'certificate is not yet valid',
    tls(),
    {
      message: `The certificate of ${at} is not valid yet`,
      hint: "Correct the clock of this agent, or of the machine that issued the daemon's certificate",
    },
  ],
  [
    'ERR_TLS_CERT_ALTNAME_INVALID',
    "Hostname/IP does not match certificate's altnames: IP: 127.0.0.3 is not in the cert's list: 127.0.0.1",
    tls(),
    {
      message: `The certificate of ${at} is for another host name`,
      hint: 'Use a name that the certificate has (field DockerHost), or have it issued for this name too',
    },
  ],
  [
    'ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE',
    'sslv3 alert bad certificate',
    tls({ clientCertificate: false }),
    {
      ...config,
      message: `The daemon at tcp://build-2:2376 (field DockerHost) wants a client certificate, and there is none to show`,
      hint: 'Put cert.pem and key.pem beside ca.pem of /certs (field CertPath)',
    },
  ],
  [
    'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
    'tlsv13 alert certificate required',
    tls({ clientCertificate: false, certPath: undefined }),
    {
      ...config,
      message: `The daemon at tcp://build-2:2376 (field DockerHost) wants a client certificate, and there is none to show`,
      hint: 'Set CertPath to a folder with ca.pem, cert.pem and key.pem',
    },
  ],
  ...['ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE', 'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA'].map(
    (code): [string, string, Where, object] => [
      code,
      'alert',
      tls(),
      {
        ...config,
        message: `The daemon at tcp://build-2:2376 (field DockerHost) does not accept the client certificate of /certs (field CertPath)`,
        hint: 'Use a client certificate that was signed by the authority in which the daemon trusts (--tlscacert), and that has not expired',
      },
    ],
  ),
  [
    'ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED',
    'alert',
    tls(),
    {
      ...config,
      message: `The daemon at tcp://build-2:2376 (field DockerHost) says that the client certificate of /certs (field CertPath) has expired`,
      hint: "Renew the client certificate; if it is new, correct the clock of the daemon's machine",
    },
  ],
  [
    'EPROTO',
    'write EPROTO 807C:error:0A00010B:SSL routines:ssl3_get_record:wrong version number:ssl3_record.c:354:',
    tls(),
    {
      ...config,
      message: `The daemon at tcp://build-2:2376 (field DockerHost) does not speak TLS on this port`,
      hint: 'Name its TLS port, usually 2376 (field DockerHost), or set TlsVerify=false for a daemon without TLS',
    },
  ],
  [
    'ECONNRESET',
    'Client network socket disconnected before secure TLS connection was established',
    tls(),
    {
      message: `The daemon at tcp://build-2:2376 (field DockerHost) broke off the TLS handshake`,
      hint: "Check that this is its TLS port (field DockerHost), and look into the daemon's log",
    },
  ],
  [
    'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
    'alert',
    tls(),
    {
      message: `The TLS handshake with ${at} failed`,
      hint: 'Compare the certificates and TLS versions of both sides; TLS 1.2 is the least that is used',
    },
  ],
];

test.each(rows)('%s: %s', (code, text, where, expected) => {
  expect(told(connectionError(Object.assign(new Error(text), { code }), where))).toEqual({
    code: 'DAEMON_TLS',
    hop: 'agent-daemon',
    blame: 'environment',
    words: text,
    transient: false,
    ...expected,
  });
});

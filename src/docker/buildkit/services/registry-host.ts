/** By whatever name BuildKit asks for Docker Hub (buildkit: session/auth/authprovider). */
const DOCKER_HUB = ['docker.io', 'index.docker.io', 'registry-1.docker.io', 'https://index.docker.io/v1/'];

/** Two names are of one registry when this is the same: to be compared whole, never by an ending. */
export function normaliseHost(host: string): string {
  const lower = host.toLowerCase();
  const plain = lower.replace(/:443$/, '').replace(/\.(?=$|:\d+$)/, '');
  return DOCKER_HUB.includes(plain) ? 'docker.io' : plain;
}

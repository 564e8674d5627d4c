import { daemonInfo } from '../../../src/docker/describe';

test('Engine 29 in the containerd store', () => {
  const version = {
    Components: [{ Name: 'Engine' }, { Name: 'containerd' }],
    Version: '29.8.1',
    ApiVersion: '1.56',
    MinAPIVersion: '1.40',
    Os: 'linux',
    Arch: 'amd64',
  };
  const info = {
    Driver: 'overlayfs',
    DriverStatus: [['driver-type', 'io.containerd.snapshotter.v1']],
    Debug: true,
    SecurityOptions: ['name=seccomp,profile=builtin', 'name=rootless'],
    HttpProxy: 'http://user:secret@proxy:3128',
    HttpsProxy: 'https://us%40er@proxy:3129/x',
    NoProxy: 'localhost',
    RegistryConfig: {
      InsecureRegistryCIDRs: ['::1/128', '127.0.0.0/8', '10.1.0.0/16'],
      IndexConfigs: {
        'docker.io': { Name: 'docker.io', Secure: true },
        'registry.example:5000': { Name: 'registry.example:5000', Secure: false },
      },
      Mirrors: ['https://me:secret@mirror.example/'],
    },
    Warnings: ['WARNING: Support for cgroup v1 is deprecated', 'No swap limit support'],
  };
  expect(daemonInfo(version, info)).toEqual({
    product: 'Docker',
    engineVersion: '29.8.1',
    apiVersion: '1.56',
    minApiVersion: '1.40',
    os: 'linux',
    arch: 'amd64',
    store: 'containerd',
    storageDriver: 'overlayfs',
    debug: true,
    securityOptions: ['name=seccomp,profile=builtin', 'name=rootless'],
    httpProxy: 'http://proxy:3128',
    httpsProxy: 'https://proxy:3129/x',
    noProxy: 'localhost',
    mirrors: ['https://mirror.example/'],
    insecureRegistries: ['registry.example:5000', '10.1.0.0/16'],
    warnings: ['Support for cgroup v1 is deprecated', 'No swap limit support'],
  });
});

test('Engine 20.10, and any engine in the classic store', () => {
  const info = {
    Driver: 'overlay2',
    DriverStatus: [
      ['Backing Filesystem', 'extfs'],
      ['userxattr', 'false'],
    ],
    Warnings: null,
    HttpProxy: '',
  };
  const found = daemonInfo({ Components: [{ Name: 'Engine' }], Version: '20.10.24' }, info);
  expect(found).toMatchObject({ product: 'Docker', store: 'classic', storageDriver: 'overlay2', warnings: [] });
  expect(found.httpProxy).toBeUndefined();
});

test('Podman', () => {
  const version = { Components: [{ Name: 'Podman Engine' }, { Name: 'Conmon' }], Version: '4.3.1' };
  expect(daemonInfo(version, {}).product).toBe('Podman');
});

test('something else that serves the API says what it is', () => {
  expect(daemonInfo({ Components: [{ Name: 'Finch' }] }, {}).product).toBe('Finch');
});

test('a daemon that says less than it should', () => {
  expect(daemonInfo({}, { Architecture: 'aarch64', OSType: 'linux', ServerVersion: '1', DriverStatus: 'x' })).toEqual({
    product: 'Docker',
    engineVersion: '1',
    apiVersion: '?',
    minApiVersion: '?',
    os: 'linux',
    arch: 'arm64',
    store: 'classic',
    storageDriver: '?',
    debug: false,
    securityOptions: [],
    httpProxy: undefined,
    httpsProxy: undefined,
    noProxy: undefined,
    mirrors: [],
    insecureRegistries: [],
    warnings: [],
  });
});

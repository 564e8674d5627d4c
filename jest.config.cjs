/* One transform, one lab. `projects` keep what needs no daemon apart from what does. */
const swc = {
  '^.+\\.(ts|cjs|mjs)$': [
    '@swc/jest',
    { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } },
  ],
};
const base = { testEnvironment: 'node', transform: swc, transformIgnorePatterns: ['/node_modules/'] };
const lab = {
  ...base,
  globalSetup: '<rootDir>/test/lab/global-setup.ts',
  globalTeardown: '<rootDir>/test/lab/global-teardown.ts',
};

module.exports = {
  projects: [
    { ...base, displayName: 'unit', testMatch: ['<rootDir>/test/{unit,contract,adapter,golden}/**/*.test.ts'] },
    { ...base, displayName: 'form', testMatch: ['<rootDir>/test/form/**/*.test.ts'] },
    { ...lab, displayName: 'lab', testMatch: ['<rootDir>/test/lab-self/**/*.test.ts'] },
    { ...lab, displayName: 'e2e', testMatch: ['<rootDir>/test/e2e/**/*.test.ts'] },
  ],
};

import tseslint from 'typescript-eslint';

// A rule that matters is a lint rule, not a paragraph. Only what has bitten somebody is here.
const bans = [
  {
    selector: "ThrowStatement > NewExpression[callee.name='Error']",
    message: 'Throw a StepError: it knows its code, hop and blame.',
  },
  { selector: "MemberExpression[object.name='jest'][property.name='mock']", message: 'Fakes are servers or ports.' },
];
const effects = [
  { selector: "MemberExpression[object.name='Date'][property.name='now']", message: 'Time comes from a Clock.' },
  {
    selector: 'CallExpression[callee.name=/^set(Timeout|Interval)$/]',
    message: 'Timers belong to main.ts and the adapters.',
  },
  { selector: "MemberExpression[object.name='process']", message: 'process.* belongs to main.ts and the adapters.' },
];

export default tseslint.config(
  { ignores: ['dist', 'node_modules', 'bridge/target', 'coverage'] },
  {
    files: ['src/**/*.ts', 'test/**/*.ts', 'bench/**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    files: ['src/**/*.ts'],
    rules: { 'no-console': 'error', 'no-restricted-syntax': ['error', ...bans] },
  },
  {
    files: [
      'src/{domain,config,pipeline,protocol,context}/**/*.ts',
      'src/console/{render,mask,sanitise,human,flood}*.ts',
    ],
    rules: { 'no-restricted-syntax': ['error', ...bans, ...effects] },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      'no-restricted-syntax': ['error', bans[1]],
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/require-await': 'off',
    },
  },
);

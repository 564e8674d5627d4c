import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What `npm run package` has made, and the tests are about. */

const root = join(__dirname, '../..');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
export const jar = join(root, `dist/gocd-ecr-task-${version}.jar`);
export const bundle = join(root, 'dist/plugin.cjs');

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Execution } from '../lab/agent';
import { plain, type Scene } from './scene';

/** A daemon that is not there: what succeeds with it has asked none. */
export const NO_DAEMON = { DockerHost: 'unix:///nowhere/docker.sock' };

/** GoCD's variables of another run of the same pipeline, on the same revision. */
export function run(counter: number): { readonly variables: Readonly<Record<string, string>> } {
  return { variables: { GO_PIPELINE_COUNTER: String(counter), GO_PIPELINE_LABEL: `1.${counter}` } };
}

/** An image whose content is this text alone. */
export function sized(text: string): Readonly<Record<string, string>> {
  return { Dockerfile: 'FROM lab/busybox:1\nCOPY content /content\n', content: text };
}

export interface Result {
  readonly image: string;
  readonly digest: string;
  readonly from: string;
  readonly images: readonly { readonly ref: string; readonly digest: string; readonly how: string }[];
}

export function resultOf(scene: Scene): Result {
  return JSON.parse(readFileSync(join(scene.folder, 'ecr-image.json'), 'utf8')) as Result;
}

/** `PUT /v2/…/manifests/1`: what a push changes in registries, in the order of arrival. */
export async function writes(scene: Scene): Promise<string[]> {
  const all = await scene.scope.registryRequests();
  return all.filter(({ method }) => !['GET', 'HEAD'].includes(method)).map(({ method, path }) => `${method} ${path}`);
}

export async function operations(scene: Scene): Promise<string[]> {
  return (await scene.scope.awsRequests()).map(({ operation }) => operation);
}

export function expectDone(done: Execution, ...texts: readonly (string | RegExp)[]): string {
  const log = plain(done.lines);
  if (!done.success) throw new Error(`The task has failed:\n${log}`);
  for (const text of texts) expect(log).toEqual(expect.stringMatching(typeof text === 'string' ? escaped(text) : text));
  return log;
}

/** Failed with this whole message, `CODE: sentence`. */
export function expectFailed(done: Execution, message: string | RegExp): string {
  const whole = typeof message === 'string' ? message : (expect.stringMatching(message) as string);
  const log = plain(done.lines);
  if (done.success) throw new Error(`The task has not failed:\n${log}`);
  expect(done.message).toEqual(whole);
  return log;
}

function escaped(text: string): RegExp {
  return new RegExp(text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
}

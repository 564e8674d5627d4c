import { readFileSync } from 'node:fs';
import { EngineApi } from './engine-api';
import { LabClient } from './lab-client';
import type { LabState } from './state';
import { stateVariable } from './state-file';

/** The lab as tests see it. */

export class LabError extends Error {}

let state: LabState | undefined;

/** The running lab; without one every test that asks for it fails with the reason. */
export function lab(): LabState {
  if (state !== undefined) return state;
  const path = process.env[stateVariable];
  if (path === undefined)
    throw new LabError('no lab: jest runs it by test/lab/global-setup.ts, or by LAB=off was told not to');
  const read = JSON.parse(readFileSync(path, 'utf8')) as LabState | { error: string };
  if ('error' in read) throw new LabError(`the lab did not start: ${read.error}`);
  state = read;
  return read;
}

export const labClient = new LabClient(() => lab().adminUrl);

/** A second opinion on the daemon, beside the product's. */
export function engineApi(): EngineApi {
  return new EngineApi(lab().engine.unixUrl);
}

/** `describe` for tests that need the lab: skipped only where LAB=off was said. */
export const describeWithLab: jest.Describe = process.env['LAB'] === 'off' ? describe.skip : describe;

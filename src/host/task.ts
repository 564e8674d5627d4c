import { resolve } from 'node:path';
import { configurationReply } from '../config/configuration';
import { inEffect } from '../config/defaults';
import { mayNeedContext } from '../config/docker-context';
import { knownSettings, makePlan } from '../config/plan';
import { settingsFileIn } from '../config/repository-settings/field';
import { secretsOf } from '../config/secrets';
import { emptySettings, parseSettings, secretsIn, type Settings } from '../config/settings';
import type { Surroundings } from '../config/surroundings';
import { validateFields } from '../config/validate';
import { createJobConsole } from '../console/job-console';
import { StepError } from '../domain/errors';
import type { PluginEvent } from '../domain/events';
import type { Outcome } from '../domain/outcome';
import type { Plan } from '../domain/plan';
import { asStepError, run } from '../pipeline/run';
import { replyOf } from '../protocol/outcome';
import { parseValidate } from '../protocol/requests';
import type { Reply, TaskCall, TaskService } from '../protocol/task-service';
import { CheckOpening } from './check-opening';
import { failedBefore, finish, tellFault, type Job } from './job';
import { LateLog } from './late-log';
import { PhaseTimes } from './phase-times';
import { refusedPlan } from './refused-plan';
import type { OpenLog, TaskTools } from './task-tools';

/** GoCD's four messages, answered by the real thing. */
export function createTaskService(tools: TaskTools): TaskService {
  return {
    configuration: configurationReply,
    view: () => tools.view,
    validate: (body) => {
      const errors = validateFields(parseValidate(body));
      return JSON.stringify(Object.keys(errors).length === 0 ? {} : { errors });
    },
    execute: (call, print, signal) => execute(tools, call, print, signal),
  };
}

async function execute(
  tools: TaskTools,
  call: TaskCall,
  print: (line: string) => void,
  signal: AbortSignal,
): Promise<Reply> {
  const { clock } = tools;
  const lines = new LateLog();
  const console = createJobConsole({ print, raw: (line) => lines.write(line) });
  tools.masking(console.redact);
  const times = new PhaseTimes(clock.now());
  const report = (event: PluginEvent): void => {
    const timed = { at: clock.now(), event };
    times.note(timed);
    console.report(timed);
  };
  const stopTicks = tools.everySecond(() => report({ type: 'tick' }));
  const folder = resolve(tools.cwd, call.request.workingDirectory);
  try {
    const files = await tools.resultFiles(console.redact);
    const job: Job = { call, folder, lines, mask: console.mask, files, times, report };
    return replyOf(await runJob(tools, job, signal), console.redact);
  } finally {
    stopTicks();
    console.close();
  }
}

/** Plan, files, run, files again, closing block. Whatever goes wrong, that block is printed. */
async function runJob(tools: TaskTools, job: Job, signal: AbortSignal): Promise<Outcome> {
  let plan: Plan | undefined;
  let log: OpenLog | undefined;
  let outcome: Outcome;
  try {
    plan = await openedPlan(tools, job);
    await job.files.begin(plan);
    log = await tools.openRawLog(job.folder, plan.files.resultFile);
    job.lines.open(log);
    const sources = await tools.openSources();
    outcome = await run(plan, { ...tools, mask: job.mask, sources, files: job.files }, job.report, signal);
  } catch (error) {
    outcome = failedBefore(asStepError(error));
    if (plan === undefined) plan = await clearedPlan(job);
  }
  tellFault(tools, job, outcome);
  try {
    return await finish(tools, job, plan, outcome, log);
  } finally {
    await log?.close();
  }
}

/** With the first lines of Mode=check, whether there is a plan or not. */
async function openedPlan(tools: TaskTools, job: Job): Promise<Plan> {
  const opening = new CheckOpening(tools.clock, { version: tools.version, runtime: tools.runtime }, job.report);
  try {
    const plan = await planOf(tools, job, opening);
    opening.planIsMade(plan);
    return plan;
  } catch (error) {
    opening.failed(job.call.request.fields.get('Mode'), error);
    throw error;
  }
}

async function planOf(tools: TaskTools, { call, folder, mask }: Job, opening: CheckOpening): Promise<Plan> {
  const { request, serverProperties, secureNames } = call;
  const surroundings = {
    fields: request.fields,
    jobVariables: request.environmentVariables,
    agentEnvironment: tools.agentEnvironment,
    serverProperties,
    secureNames,
    jobFolder: folder,
    settings: emptySettings,
  };
  // Before the plan is made: what is wrong with it is printed too.
  for (const { name, value } of secretsOf(surroundings)) mask.register(name, value);
  const settings = await settingsOf(tools, folder);
  for (const { name, value } of secretsIn(settings)) mask.register(name, value);
  const known = knownSettings({ settings, serverProperties });
  opening.settingsAreRead(tools.agentEnvironment.get('GOCD_ECR_SETTINGS') ?? '', known, serverProperties);
  const { fields } = inEffect(request.fields, known.defaults);
  for (const { name, value } of secretsOf({ ...surroundings, fields })) mask.register(name, value);
  const [file, context] = await Promise.all([settingsFileOf(tools, fields, folder), contextOf(tools, call, settings)]);
  return makePlan({ ...surroundings, ...file, ...context, settings });
}

/** Two files of the agent, which only a task without another daemon needs. */
async function contextOf(
  tools: TaskTools,
  { request: { fields, environmentVariables } }: TaskCall,
  { defaults }: Settings,
): Promise<Pick<Surroundings, 'dockerContext'>> {
  const isNamed = defaults.get('DockerHost')?.origin.kind === 'settings-file';
  if (isNamed || !mayNeedContext(fields, environmentVariables, tools.agentEnvironment)) return {};
  const dockerContext = await tools.readDockerContext();
  return dockerContext === undefined ? {} : { dockerContext };
}

/** Why it can't be read is told with all that is wrong with the fields. */
async function settingsFileOf(
  tools: TaskTools,
  fields: Surroundings['fields'],
  jobFolder: string,
): Promise<Pick<Surroundings, 'repositorySettingsFile'>> {
  const path = settingsFileIn(fields);
  if (path === undefined) return {};
  try {
    return { repositorySettingsFile: { text: await tools.readRepositorySettings(path, jobFolder) } };
  } catch (error) {
    if (!(error instanceof StepError) || error.code === 'CONTEXT_MISSING') throw error;
    return { repositorySettingsFile: { problem: error.message } };
  }
}

/** From the agent's own environment, never from a job's variables (security.md 8). */
async function settingsOf(tools: TaskTools, jobFolder: string): Promise<Settings> {
  const path = tools.agentEnvironment.get('GOCD_ECR_SETTINGS') ?? '';
  return path === '' ? emptySettings : parseSettings(await tools.readSettings(path, jobFolder), path);
}

/** Where there is no plan: results of an earlier run are still removed, or a later task would take them for this run's. */
async function clearedPlan({ call, folder, files }: Job): Promise<Plan | undefined> {
  const plan = refusedPlan(call.request, folder);
  try {
    if (plan !== undefined) await files.begin(plan);
    return plan;
  } catch {
    return undefined; // no job folder, or another task's result is there: the first error is the one to tell
  }
}

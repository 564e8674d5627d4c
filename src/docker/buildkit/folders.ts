import { outputsIn } from '../../context/pack';
import { findNamedFolders } from '../../context/named-contexts';
import { findPlaces } from '../../context/places';
import { readIgnoreRules } from '../../context/ignore-rules';
import type { ProducerRun } from '../../context/producer-run';
import type { BuildRequest } from '../../pipeline/ports';
import { dockerfileFolder } from './file-sync/dockerfile-folder';
import { openDiskFolder, openMemoryFolder, type RunSync } from './file-sync/folders';
import type { SyncFolder } from './offer';
import { contextFolder } from './solve/frontend-attrs';

export interface BuildFolders {
  readonly folders: ReadonlyMap<string, SyncFolder>;
  /** Name of the Dockerfile in the folder `dockerfile`. */
  readonly dockerfile: string;
}

/** What BuildKit may read on this agent's disk: the Dockerfile, the context, and the named contexts. */
export async function openFolders(
  request: Pick<BuildRequest, 'plan' | 'jobFolder' | 'outputs'>,
  run: RunSync,
  onTransfer: (run: ProducerRun) => void,
): Promise<BuildFolders> {
  const { plan, jobFolder } = request;
  const places = await findPlaces(jobFolder, plan);
  const rules = await readIgnoreRules(jobFolder, plan, places.root);
  const { name, files } = dockerfileFolder(places.dockerfile, places.content, rules.patterns);
  const context = {
    root: places.root,
    ignore: rules.patterns,
    always: [],
    never: await outputsIn(places.root, request),
  };
  const folders = new Map([
    ['dockerfile', openMemoryFolder(files)],
    ['context', openDiskFolder(context, run, onTransfer)],
  ]);
  for (const { name: named, root, ignore } of await findNamedFolders(jobFolder, plan.contexts)) {
    const folder = { root, ignore, always: [], never: await outputsIn(root, request) };
    folders.set(
      contextFolder(named),
      openDiskFolder(folder, run, () => undefined),
    );
  }
  return { folders, dockerfile: name };
}

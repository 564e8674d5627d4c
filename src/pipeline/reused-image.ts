import type { BuildResult } from '../domain/outcome';
import type { Preflight } from './preflight';
import type { RunTools } from './run-tools';
import { platformOf } from './steps/platform';

/** This run's image as the registry tells it: an earlier attempt has built it. */
export async function reusedImage({ plan, signal }: RunTools, { targets, info }: Preflight): Promise<BuildResult> {
  const [main] = targets;
  const image = main?.target.image;
  const config = image && (await main.target.labels.config(image, signal)); // read before, for its label
  return {
    from: 'registry',
    imageId: undefined,
    sizeBytes: image?.sizeBytes ?? 0,
    platform: config === undefined || config === 'unreadable' ? undefined : platformOf(config),
    bases: [],
    builder: undefined,
    daemon: info,
    endpoint: plan.daemon.display.value,
  };
}

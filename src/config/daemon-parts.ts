import type { Part } from './settings-keys';

/** The settings of one daemon as texts. */
export type DaemonParts = { readonly [part in Part]?: string };

/** What is wrong with one of the settings of a daemon. */
export interface PartFault {
  readonly part: Part;
  readonly message: string;
}

import type { Logger } from '@smithy/types';

// The SDK falls back to console.warn, which is nobody's log here.
const ignore = (): void => undefined;
export const SILENT: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore };

import type { Digest, ImageId } from './image-ref';
import type { ImageContent } from './registry-image';

/** What `docker version` and `docker info` tell, of what matters to a build and a push. */
export interface DaemonInfo {
  /** `Docker`, `Podman` or what the daemon calls itself. */
  readonly product: string;
  readonly engineVersion: string;
  readonly apiVersion: string;
  readonly minApiVersion: string;
  readonly os: string;
  /** As Go names it: `amd64`, `arm64`. */
  readonly arch: string;
  readonly store: 'containerd' | 'classic';
  readonly storageDriver: string;
  readonly debug: boolean;
  readonly securityOptions: readonly string[];
  readonly httpProxy: string | undefined;
  readonly httpsProxy: string | undefined;
  readonly noProxy: string | undefined;
  /** Mirrors of Docker Hub, as URLs without user info. */
  readonly mirrors: readonly string[];
  /** Registries that are asked over plain HTTP, or without a look at their certificate: `host:port` and CIDRs. */
  readonly insecureRegistries: readonly string[];
  readonly warnings: readonly string[];
}

/** What a daemon's disk is used for, in bytes (GET /system/df); it never tells how much is free. */
export interface DiskUse {
  readonly images: number;
  readonly imagesBytes: number;
  /** undefined: the daemon does not tell. */
  readonly cacheBytes: number | undefined;
}

/** An image that the daemon has. */
export interface LocalImage {
  readonly id: ImageId;
  readonly repoTags: readonly string[];
  /** `repository@sha256:…`; set by tagging on the containerd store, by pushing and pulling on the classic one. */
  readonly repoDigests: readonly string[];
  readonly sizeBytes: number;
  readonly os: string;
  readonly arch: string;
  readonly variant: string | undefined;
  readonly labels: ReadonlyMap<string, string>;
  /** To be compared with an image of another digest. */
  readonly content: ImageContent;
}

/** A base image with what it was resolved to: its digest where it was pulled, else its image id. */
export interface Base {
  readonly ref: string;
  readonly digest: Digest | undefined;
  readonly imageId: ImageId | undefined;
}

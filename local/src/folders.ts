import { join, resolve } from 'node:path'

/** The folders of the stack. */
export type Folders = {
  /** The repository, with `.env` and the services' code. */
  readonly root: string
  readonly data: string
  readonly jars: string
  readonly run: string
  readonly log: string
  readonly config: string
  readonly kafka: string
  readonly zookeeper: string
  /** Flink's jars. */
  readonly flink: string
  /** Flink's state: checkpoints, savepoints, and the JobManager's metadata. */
  readonly engine: string
  /** Apicurio's jars. */
  readonly registryJars: string
  /** A Java that is new enough for Apicurio, if the machine has none. */
  readonly registryJava: string
  /** The registry's data: its schemas. */
  readonly registry: string
  /** Certificates and passwords of SECURE=1. */
  readonly secure: string
  readonly results: string
}

/** Relative folders are relative to the repository, as in Compose. */
export const planFolders = (
  root: string,
  settings: { readonly dataDir: string; readonly resultsDir: string },
): Folders => {
  const data = resolve(root, settings.dataDir)
  return {
    root,
    data,
    jars: join(data, 'jars'),
    run: join(data, 'run'),
    log: join(data, 'log'),
    config: join(data, 'config'),
    kafka: join(data, 'kafka'),
    zookeeper: join(data, 'zookeeper'),
    flink: join(data, 'flink'),
    engine: join(data, 'engine'),
    registryJars: join(data, 'registry-jars'),
    registryJava: join(data, 'registry-java'),
    registry: join(data, 'registry'),
    secure: join(data, 'secure'),
    results: resolve(root, settings.resultsDir),
  }
}

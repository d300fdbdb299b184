import { join, resolve } from 'node:path'

/** Where the stack keeps what. */
export type Folders = {
  /** The repository: where `.env` is, and the services' code. */
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
  /** What Flink keeps: checkpoints, savepoints, and the JobManager's notes of its jobs. */
  readonly engine: string
  /** Apicurio's jars. */
  readonly registryJars: string
  /** A Java that is new enough for Apicurio, where the machine has none. */
  readonly registryJava: string
  /** What the registry keeps: its schemas. */
  readonly registry: string
  /** Certificates and passwords of SECURE=1. */
  readonly secure: string
  readonly results: string
}

/** Relative folders are taken from the repository, as Compose takes them. */
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

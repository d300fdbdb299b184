import { relative } from 'node:path'

/** A Java program from Kafka's jars. */
export type JavaProgram = {
  /** Its working folder. */
  readonly folder: string
  readonly jars: string
  /** Folders of classes that precede the jars. */
  readonly classes?: readonly string[]
  /** JVM options such as `-Xmx512m`. */
  readonly options: readonly string[]
  /** Relative to `folder`. */
  readonly log4jFile?: string
  readonly mainClass: string
  readonly args: readonly string[]
}

export type JavaCommand = {
  readonly command: 'java'
  readonly args: readonly string[]
  readonly cwd: string
  /** Overrides the environment of the parent process. */
  readonly environment: Readonly<Record<string, string>>
}

/**
 * The command line of a Java program. Every path is relative to the working folder, which may have any name: a class
 * path is split at colons, and log4j's file is a URL.
 */
export const planJavaCommand = ({
  folder,
  jars,
  classes = [],
  options,
  log4jFile,
  mainClass,
  args,
}: JavaProgram): JavaCommand => ({
  command: 'java',
  args: [
    ...options,
    '-Djava.awt.headless=true',
    ...(log4jFile === undefined ? [] : [`-Dlog4j.configuration=file:${log4jFile}`]),
    // Java ignores it. In `ps` it shows to which stack this process belongs.
    `-Dkafka-etl.folder=${folder}`,
    '-cp',
    [...classes, `${jars}/*`].map((path) => relative(folder, path)).join(':'),
    mainClass,
    ...args,
  ],
  cwd: folder,
  // In the locale C, Java cannot open a file with a non-ASCII name.
  environment: { LC_ALL: 'C.UTF-8' },
})

/** The options of a small JVM that starts fast. */
export const smallJvm = (heapMb: number): readonly string[] => [
  `-Xmx${heapMb}m`,
  '-XX:+UseSerialGC',
  '-XX:TieredStopAtLevel=1',
  '-Xshare:auto',
]

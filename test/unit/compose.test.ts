import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { commonSettings, guardedNames } from '@kafka-etl/common'
import { describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'
import { ridesSettings } from '../../pipelines/rides/settings.js'
import { timestampsSettings } from '../../pipelines/timestamps/settings.js'
import { secureBrokerProperties } from '../../local/src/secure/broker-properties.js'
import { jaasOption, zookeeperAclProperties, zookeeperAuthProperties } from '../../local/src/secure/zookeeper-access.js'
import { formatKafkaProperties, planStackKafka } from '@kafka-etl/local/broker'

type Volume =
  string | { readonly type: string; readonly source: string; readonly target: string; readonly read_only?: boolean }
type Container = {
  readonly image?: string
  readonly user?: string
  readonly read_only?: boolean
  readonly cap_drop?: readonly string[]
  readonly cap_add?: readonly string[]
  readonly security_opt?: readonly string[]
  readonly privileged?: boolean
  readonly container_name?: string
  readonly init?: boolean
  readonly profiles?: readonly string[]
  readonly mem_limit?: string
  readonly networks?: readonly string[]
  readonly pids_limit?: number
  readonly tmpfs?: readonly string[]
  readonly restart?: string
  readonly ports?: readonly string[]
  readonly volumes?: readonly Volume[]
  readonly environment?: Readonly<Record<string, string | number>>
  readonly healthcheck?: { readonly test: readonly string[] }
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>
  readonly logging?: { readonly options: Readonly<Record<string, string>> }
}

const root = join(__dirname, '../..')
const read = (file: string): string => readFileSync(join(root, file), 'utf8')
const { services, volumes, networks } = parse(read('docker-compose.yml'), { merge: true }) as {
  readonly services: Readonly<Record<string, Container>>
  readonly volumes: Readonly<Record<string, unknown>>
  readonly networks: Readonly<Record<string, unknown>>
}
const containerOf = (name: string): Container => {
  const container = services[name]
  if (!container) throw new Error(`expected docker-compose.yml to have ${name}`)
  return container
}
const targetsOf = ({ volumes: mounts = [] }: Container): readonly string[] =>
  mounts.map((mount) => (typeof mount === 'string' ? (mount.split(':')[1] ?? '') : mount.target))

const everything = Object.entries(services)
const ours = ['producer', 'etl', 'reader', 'console']
const flink = ['jobmanager', 'taskmanager', 'engine']

describe('every container', () => {
  it.each(everything)('%s has no capabilities, gains none, and is limited', (name, container) => {
    expect(container.cap_drop).toEqual(['ALL'])
    expect(container.cap_add ?? []).toEqual(name === 'results-owner' ? ['CHOWN'] : [])
    expect(container.security_opt).toEqual(['no-new-privileges:true'])
    expect(container.privileged).toBeUndefined()
    expect(container.init).toBe(true)
    expect(container.mem_limit).toMatch(/^\d+m$/)
    expect(container.pids_limit).toBeGreaterThan(0)
    expect(container.logging?.options).toMatchObject({ 'max-size': '10m', 'max-file': '3' })
  })

  it.each(everything)('%s leaves its name to Compose, so that two stacks can stand side by side', (_, container) => {
    expect(container.container_name).toBeUndefined()
  })

  it.each(everything)('%s publishes ports on 127.0.0.1 only, and has a fixed image tag', (_, container) => {
    for (const port of container.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:/)
    if (container.image) expect(container.image).toMatch(/:[\w.-]*\d[\w.-]*\}?$/)
  })
})

describe('plain Compose', () => {
  it.each([
    ['timestamps', timestampsSettings],
    ['rides', ridesSettings],
  ])('hands the settings of %s into the ETL, without a file that make writes', (_, table) => {
    const names = Object.values(table).map((setting) => setting.name)
    expect(Object.keys(containerOf('etl').environment ?? {})).toEqual(expect.arrayContaining(names))
  })
})

const ownSecrets = (container: Container): readonly string[] => {
  const mounts = (container.volumes ?? []).filter((mount) => typeof mount !== 'string')
  expect(mounts.every(({ read_only: isReadOnly }) => isReadOnly === true)).toBe(true)
  return mounts.map(({ source }) => source.replace(/^.*\//, '')).filter((file) => file !== 'ca.pem')
}

describe('ZooKeeper of the secured stack', () => {
  const { services: guarded } = parse(read('docker-compose.guarded.yml'), { merge: true }) as {
    readonly services: Readonly<Record<string, Container>>
  }

  it('has the properties of the one without Docker', () => {
    const options = Object.entries(zookeeperAuthProperties).map(([name, value]) => `-Dzookeeper.${name}=${value}`)
    const jaas = jaasOption('/secure/zookeeper.jaas')
    expect(guarded.zookeeper?.environment).toEqual({ KAFKA_OPTS: [jaas, ...options].join(' ') })
    expect(guarded.kafka?.environment).toEqual({ KAFKA_OPTS: jaas, KAFKA_ZOOKEEPER_SET_ACL: 'true' })
    expect(zookeeperAclProperties).toEqual({ 'zookeeper.set.acl': true })
  })

  it('lets in Kafka and Flink, each by its own password', () => {
    const secrets = Object.entries(guarded).map(([name, container]) => [name, ownSecrets(container)])
    expect(Object.fromEntries(secrets)).toEqual({
      zookeeper: ['zookeeper-server.jaas'],
      kafka: ['zookeeper-client.jaas'],
      ...Object.fromEntries(flink.map((name) => [name, ['zookeeper-flink.jaas']])),
    })
  })
})

describe('the secured stack', () => {
  const { services: secured } = parse(read('docker-compose.secure.yml'), { merge: true }) as {
    readonly services: Readonly<Record<string, Container>>
  }

  it('has the properties of the local broker with SECURE=1', () => {
    const files = {
      keyStore: '/secure/key-store.pem',
      trustStore: '/secure/ca.pem',
      passwordFolder: '/secure',
      passwordFile: 'broker.password',
    }
    const expected = Object.entries(secureBrokerProperties(files, ['CONTAINERS', 'MACHINE'])).map(([name, value]) => [
      `KAFKA_${name.replaceAll('-', '___').replaceAll('.', '_').toUpperCase()}`,
      // Compose gives a dollar sign a special meaning.
      String(value).replaceAll('$', '$$$$'),
    ])
    expect(secured.kafka?.environment).toMatchObject(Object.fromEntries(expected) as Record<string, string>)
  })

  it('talks to clients by SASL_SSL only, but for the health check inside the container', () => {
    const { KAFKA_LISTENERS: listeners, KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: protocols } =
      secured.kafka?.environment ?? {}
    expect(protocols).toBe('CONTAINERS:SASL_SSL,MACHINE:SASL_SSL,HEALTH:PLAINTEXT')
    expect(listeners).toMatch(/,HEALTH:\/\/127\.0\.0\.1:9093$/)
  })

  it.each(Object.entries(secured))('gives %s its own secrets only, by file, and read-only', (name, container) => {
    const users = ['broker', 'admin', 'producer', 'etl', 'reader', 'console', 'engine']
    const own: Readonly<Record<string, readonly string[]>> = {
      'secure-users': [...users.map((user) => `${user}.properties`), 'zookeeper-client.jaas'],
      kafka: ['key-store.pem', 'broker.password', 'admin-client.properties'],
      registry: ['registry.properties'],
      ...Object.fromEntries(flink.map((part) => [part, ['engine.password']])),
    }
    expect(ownSecrets(container)).toEqual(own[name] ?? [`${name}.password`, 'registry.password'])
    expect(Object.keys(container.environment ?? {})).not.toContain('KAFKA_SASL_PASSWORD')
  })
})

describe.each(ours)('%s', (name) => {
  const container = containerOf(name)

  it('has a read-only root, and no mount beyond what it reads or writes for its user', () => {
    expect(container.read_only).toBe(true)
    expect(container.tmpfs?.map((mount) => mount.split(':')[0])).toEqual(['/tmp'])
    const mounts: Readonly<Record<string, readonly string[]>> = {
      reader: ['/results'],
      producer: ['/input/records.jsonl'],
    }
    expect(targetsOf(container)).toEqual(mounts[name] ?? [])
  })

  it('is healthy when it says that it is ready', () => {
    const port = container.environment?.HTTP_PORT
    expect(container.healthcheck?.test.join(' ')).toContain(`http://127.0.0.1:${port}/ready`)
  })

  it('gets every setting that a user may set', () => {
    const prefix = `${name.toUpperCase()}_`
    // Settings of the stack itself, or of a broker other than the stack's own.
    const own = /_HTTP_PORT$|^KAFKA_(?:PORT|SSL|SASL)|^CRASH_AT$/
    const common = Object.values(commonSettings).map((setting) => setting.name)
    const names = [...common, ...guardedNames.filter((guarded) => guarded.startsWith(prefix))]
    expect(Object.keys(container.environment ?? {})).toEqual(
      expect.arrayContaining(names.filter((setting) => !own.test(setting))),
    )
  })
})

describe.each(flink)('%s', (name) => {
  const { profiles, read_only: isReadOnly, ...container } = containerOf(name)

  it('is there only when it is asked for, and keeps in its own image nothing that it writes', () => {
    expect(profiles).toEqual(['engine'])
    expect(isReadOnly).toBe(true)
    expect(container.volumes).toEqual(['engine-data:/flink', '/flink-tmp'])
  })

  it('neither submits nor cancels what its page is asked for', () => {
    const properties = String(container.environment?.FLINK_PROPERTIES)
    expect(properties).toContain('web.submit.enable: false\nweb.cancel.enable: false\n')
  })
})

describe('zookeeper and kafka', () => {
  it('keep the data of both in volumes, since one alone breaks the next start', () => {
    expect(targetsOf(containerOf('zookeeper'))).toEqual(['/var/lib/zookeeper/data', '/var/lib/zookeeper/log'])
    expect(targetsOf(containerOf('kafka'))).toEqual(['/var/lib/kafka/data'])
    expect(Object.keys(volumes).toSorted()).toEqual([
      'engine-data',
      'kafka-data',
      'prometheus-data',
      'registry-data',
      'zookeeper-data',
      'zookeeper-log',
    ])
  })

  it('are alone in the network of ZooKeeper but for Flink, and it leads nowhere', () => {
    const inNetwork = (all: Readonly<Record<string, Container>>): string[] =>
      Object.keys(all).filter((name) => all[name]?.networks?.includes('metadata'))
    expect(inNetwork(services)).toEqual(['zookeeper', 'kafka', ...flink])
    expect(containerOf('zookeeper').networks).toEqual(['metadata'])
    expect(networks).toEqual({ metadata: { internal: true } })
    const secured = parse(read('docker-compose.secure.yml'), { merge: true }) as {
      readonly services: Readonly<Record<string, Container>>
    }
    expect(inNetwork(secured.services)).toEqual(['secure-users'])
    expect(secured.services['secure-users']?.networks).toEqual(['metadata'])
  })

  it('publish neither ZooKeeper nor the listener of the containers', () => {
    expect(containerOf('zookeeper').ports).toBeUndefined()
    expect(containerOf('kafka').ports).toEqual(['127.0.0.1:${KAFKA_PORT:-29092}:${KAFKA_PORT:-29092}'])
  })

  it('have the settings of the local broker', () => {
    const local = formatKafkaProperties({ ...planStackKafka({ kafka: 1, zookeeper: 2 }), dataDir: 'kafka' })
    const own =
      /^(?:listeners|advertised\.listeners|listener\.security\.protocol\.map|inter\.broker\.listener\.name|zookeeper\.connect|zookeeper\.connection\.timeout\.ms|log\.dirs)=/
    const environment = containerOf('kafka').environment ?? {}
    for (const line of local
      .trimEnd()
      .split('\n')
      .filter((entry) => !own.test(entry))) {
      const [name = '', value] = line.split('=')
      expect(`${name}=${environment[`KAFKA_${name.replaceAll('.', '_').toUpperCase()}`]}`).toBe(`${name}=${value}`)
    }
  })
})

describe('the image', () => {
  const lines = read('Dockerfile').split('\n')
  const last = lines.slice(lines.findLastIndex((line) => line.startsWith('FROM ')))

  it('runs as a user by number that is not root', () => {
    expect(last.filter((line) => line.startsWith('USER '))).toEqual(['USER 1000:1000'])
  })

  it('starts the service without a shell, so that SIGTERM reaches it', () => {
    expect(last).toContain('CMD ["node", "dist/main.js"]')
  })

  it('runs no install scripts, and copies manifests before sources', () => {
    const text = lines.join('\n')
    expect(text.match(/npm (?:ci|prune)[^\n]*/g)?.every((call) => call.includes('--ignore-scripts'))).toBe(true)
    expect(text.indexOf('npm ci')).toBeLessThan(text.indexOf('COPY common-src common-src'))
  })

  it('has no dependencies beside the bundles but those that a service loads when it needs them', () => {
    expect(last.filter((line) => line.includes('node_modules'))).toEqual([
      'COPY --from=build /app/image/node_modules node_modules',
    ])
    const [, parts = ''] = /partsOfLibraries = new Map\(\[(.*?)\n\]\)/s.exec(read('bundle.js')) ?? []
    const [, libraries = ''] = /lateLibraries = \[(.*)\]/.exec(read('bundle.js')) ?? []
    const listed = parts + libraries
    const services = ['common', 'kafka', 'pipeline', 'producer', 'etl', 'reader', 'console']
    const sources = ['pipelines', ...services.map((name) => `${name}-src/src`)].flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.ts') && !/dist\/|\.test\.ts$/.test(file))
        .map((file) => read(`${folder}/${file}`)),
    )
    const loaded = sources.flatMap((text) =>
      [...text.matchAll(/(?:createRequire\(import\.meta\.url\)|\bload)\('([^']+)'\)/g)].map(([, library]) => library),
    )
    expect(loaded).toEqual(expect.arrayContaining(['pino-pretty', 'date-fns-tz']))
    for (const library of loaded) expect(listed).toContain(`'${library}'`)
  })

  it('uses nothing that only BuildKit has', () => {
    expect(
      lines.filter((line) => /--mount=|--link|--chmod=|<<[A-Z]/.test(line) || line.startsWith('# syntax')),
    ).toEqual([])
  })

  it('never sees secrets, history or results', () => {
    const ignore = read('.dockerignore').split('\n')
    expect(ignore[0]).toBe('**')
    expect(ignore).toEqual(expect.arrayContaining(['**/.env', '**/node_modules']))
    expect(ignore.filter((line) => /^!.*(?:env|git|data|results)/.test(line))).toEqual([])
  })
})

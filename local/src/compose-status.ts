import { partOrder, type PartStatus } from './part-status.js'

/** One container of `docker compose ps --all --format json`, with the fields that are used here. */
type Container = {
  readonly Service: string
  readonly Name: string
  readonly ID: string
  readonly State: string
  readonly Health: string
  readonly ExitCode: number
  readonly Publishers?: readonly { readonly PublishedPort: number; readonly TargetPort: number }[] | null
}

/** Compose prints one object per line. Skips services that only prepare the stack (those that are not in the list). */
export const parseComposeStatus = (output: string): readonly PartStatus[] => {
  const containers = output
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as Container)
    .filter(({ Service }) => partOrder.includes(Service))
  const isScaled = (service: string): boolean => containers.filter(({ Service }) => Service === service).length > 1
  return containers
    .toSorted(
      (left, right) =>
        partOrder.indexOf(left.Service) - partOrder.indexOf(right.Service) ||
        left.Name.localeCompare(right.Name, 'en', { numeric: true }),
    )
    .map((container) => toPartStatus(container, isScaled(container.Service)))
}

const toPartStatus = (container: Container, isScaled: boolean): PartStatus => {
  const port = container.Publishers?.find(({ PublishedPort }) => PublishedPort > 0)?.PublishedPort
  const number = /-(\d+)$/.exec(container.Name)?.[1]
  const state = readState(container)
  return {
    name: container.Service === 'etl' || isScaled ? `${container.Service}-${number ?? '1'}` : container.Service,
    state,
    health: readHealth(container),
    ...(state === 'failed' ? { reason: 'wrong settings, see its log' } : {}),
    ...(state === 'stopped' ? { reason: `exit code ${container.ExitCode}` } : {}),
    ...(port === undefined ? {} : { port }),
    process: `container ${container.ID.slice(0, 12)}`,
  }
}

const readState = ({ Service, State, ExitCode }: Container): PartStatus['state'] => {
  if (State === 'running') return 'running'
  // Compose cannot stop restarting after exit code 2: the container shows as restarting.
  if (ExitCode === 2 && (State === 'restarting' || State === 'exited')) return 'failed'
  if (State === 'restarting') return 'restarting'
  return State === 'exited' && ExitCode === 0 && Service === 'producer' ? 'done' : 'stopped'
}

const readHealth = ({ State, Health }: Container): PartStatus['health'] => {
  if (State !== 'running') return '-'
  return Health === 'healthy' || Health === 'starting' || Health === 'unhealthy' ? Health : '-'
}

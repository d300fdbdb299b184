import { existsSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { StackError } from './stack-error.js'

/** A part of the stack that a small machine may have no room for. */
export type HeavyPart = {
  readonly name: string
  /** The memory of all its processes, including what they need while they start. */
  readonly memoryMb: number
  /** What is still to be downloaded, plus the data of the first hours. */
  readonly diskMb: number
  /** How to do without it. */
  readonly without: string
}

export const registryNeeds = ({ isFetched }: { readonly isFetched: boolean }): HeavyPart => ({
  name: 'the registry',
  memoryMb: 300,
  diskMb: isFetched ? 50 : 400,
  without: 'REGISTRY=0',
})

/** JobManager, gateway, and each TaskManager. */
export const engineNeeds = ({
  isFetched,
  taskManagers,
}: {
  readonly isFetched: boolean
  readonly taskManagers: number
}): HeavyPart => ({
  name: 'the engine',
  memoryMb: 900 + 450 * taskManagers,
  diskMb: isFetched ? 300 : 1_000,
  without: 'ENGINE=0',
})

/** The heavy parts among the containers that do not run yet. Images count as downloaded once a container has run. */
export const findHeavyContainers = (
  profiles: readonly string[],
  known: readonly { readonly name: string; readonly state: string }[],
  { taskManagers }: { readonly taskManagers: number },
): readonly HeavyPart[] => {
  const plan = (profile: string, container: string, needs: (isFetched: boolean) => HeavyPart): readonly HeavyPart[] => {
    const found = known.find(({ name }) => name === container)
    return profiles.includes(profile) && found?.state !== 'running' ? [needs(found !== undefined)] : []
  }
  return [
    ...plan('registry', 'registry', (isFetched) => registryNeeds({ isFetched })),
    ...plan('engine', 'jobmanager', (isFetched) => engineNeeds({ isFetched, taskManagers })),
  ]
}

export type FreeSpace = {
  readonly memoryMb: number
  /** Undefined if the machine does not report it. */
  readonly diskMb: number | undefined
  /** The folder whose disk was checked. */
  readonly folder: string
}

/** What these parts together are short of, one sentence each. */
export const findShortages = (
  parts: readonly HeavyPart[],
  { memoryMb, diskMb, folder }: FreeSpace,
): readonly string[] => {
  if (parts.length === 0) return []
  const names = parts.map(({ name }) => name).join(' and ')
  const verb = parts.length === 1 ? 'needs' : 'need'
  const remedy = `or leave ${parts.length === 1 ? 'it' : 'them'} out (${parts.map(({ without }) => without).join(', ')})`
  const neededMemoryMb = parts.reduce((sum, part) => sum + part.memoryMb, 0)
  const neededDiskMb = parts.reduce((sum, part) => sum + part.diskMb, 0)
  return [
    ...(memoryMb < neededMemoryMb
      ? [
          `Memory is short: ${names} ${verb} ${neededMemoryMb} MB, ${memoryMb} MB are free. End other programs, ${remedy}.`,
        ]
      : []),
    ...(diskMb !== undefined && diskMb < neededDiskMb
      ? [
          `Disk is short: ${names} ${verb} ${neededDiskMb} MB, ${diskMb} MB are free in ${folder}. Make room, ${remedy}.`,
        ]
      : []),
  ]
}

const bytesPerMb = 1_000_000

/** The free space for this process, within its own limit if it has one, such as a container's. */
const readFreeSpace = async (folder: string): Promise<FreeSpace> => {
  const present = firstPresent(folder)
  const disk = await statfs(present).catch(() => undefined)
  return {
    memoryMb: Math.floor(process.availableMemory() / bytesPerMb),
    diskMb: disk && Math.floor((disk.bavail * disk.bsize) / bytesPerMb),
    folder: present,
  }
}

const firstPresent = (folder: string): string => (existsSync(folder) ? folder : firstPresent(dirname(folder)))

/** Throws one sentence for each shortage; `folder` is where the parts will keep their data. */
export const requireSpace = async (parts: readonly HeavyPart[], folder: string): Promise<void> => {
  if (parts.length === 0) return
  const shortages = findShortages(parts, await readFreeSpace(folder))
  if (shortages.length > 0) throw new StackError(shortages.join('\n'))
}

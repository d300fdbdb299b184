import type { BenchContext } from './bench-context.js'
import type { Contender } from './candidate.js'

/** The selected peers that can run here; reports why the others cannot. */
export const preparePeers = async <Peer extends Contender<never>>(
  { settings, folders, say }: Pick<BenchContext, 'settings' | 'folders' | 'say'>,
  peers: readonly Peer[],
): Promise<readonly Peer[]> => {
  const ready: Peer[] = []
  for (const peer of peers.filter(({ name }) => settings.peers.includes(name))) {
    const obstacle = await peer.prepare(folders, say)
    if (obstacle === undefined) ready.push(peer)
    else say(`left out ${peer.title}: ${obstacle}`)
  }
  return ready
}

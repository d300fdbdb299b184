import type { Candidate } from './candidate.js'
import { copyPeer } from './copy-peer.js'
import { kafkaStreamsPeers } from './kafka-streams-peer.js'
import { naivePeer } from './naive-peer.js'
import { pathwayPeer } from './pathway-peer.js'

/** Other programs for the same work. */
export const peers: readonly Candidate[] = [pathwayPeer, ...kafkaStreamsPeers, naivePeer, copyPeer]

import type { Candidate } from './candidate.js'
import { copyPeer } from './copy-peer.js'
import { kafkaStreamsPeers } from './kafka-streams-peer.js'
import { naivePeer } from './naive-peer.js'
import { pathwayPeer } from './pathway-peer.js'

/** What others would do the same work with. */
export const peers: readonly Candidate[] = [pathwayPeer, ...kafkaStreamsPeers, naivePeer, copyPeer]

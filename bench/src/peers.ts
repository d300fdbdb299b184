import type { Candidate } from './candidate.js'

/** What others would do the same work with. */
export const peers: readonly Candidate[] = []

/** The transactional producer of a record, as its record batch names it. */
export type TransactionalWriter = { readonly producerId: bigint; readonly producerEpoch: number }

/** What one transactional producer has brought of one input partition: as much as it takes to recognize a repeat. */
export type SourceChain = {
  /** `timezone1/0` */
  readonly inputPartition: string
  /** The id of the input topic, for records that are marked with one. */
  readonly topicId?: string
  /** A 64-bit number as text; absent in positions of the first version, which did not keep it. */
  readonly producerId?: string
  readonly producerEpoch: number
  /** The highest offset that has come. */
  readonly offset: number
  /** Offsets up to this one have come in an earlier epoch: in this one they are repeats. -1: none has. */
  readonly repeatsUpTo: number
}

/** Where a record says that it comes from. */
export type RecordOrigin = {
  readonly inputPartition: string
  readonly offset: number
  readonly topicId: string | undefined
}

/** Beyond so many of an output partition the one that was used longest ago is forgotten: repeats of it may be written. */
const mostChains = 256

type MutableChain = { -readonly [Field in keyof SourceChain]: SourceChain[Field] }

/**
 * Recognizes records whose input record has a row already. A `source` header alone proves nothing, since any client may
 * write one. What proves a repeat is the ETL's way of working: the outputs of an input partition come from one
 * transactional producer, in order; after any failure it begins a new epoch (KIP-98) and continues from the committed
 * offset. So within an epoch there are no repeats, and in a new epoch exactly what earlier epochs of the same producer
 * have brought is one. What other producers bring is never dropped for the ETL's sake, nor the ETL's for theirs.
 */
export const createSourceChains = (start: readonly SourceChain[]) => {
  const chains = new Map<string, MutableChain>(start.map((chain) => [keyOf(chain), { ...chain }]))
  let known: MutableChain | undefined
  let knownWriter: TransactionalWriter | undefined

  const open = (origin: RecordOrigin, { producerId, producerEpoch }: TransactionalWriter): MutableChain => {
    const { inputPartition, topicId } = origin
    const identity = { inputPartition, producerId: String(producerId), ...(topicId === undefined ? {} : { topicId }) }
    const key = keyOf(identity)
    const found = chains.get(key)
    chains.delete(key)
    const chain = found ?? { ...identity, producerEpoch, offset: -1, repeatsUpTo: inherited(chains, origin) }
    if (producerEpoch > chain.producerEpoch) {
      chain.repeatsUpTo = Math.max(chain.repeatsUpTo, chain.offset)
      chain.producerEpoch = producerEpoch
    }
    chains.set(key, chain)
    for (const oldest of chains.keys()) {
      if (chains.size <= mostChains) break
      chains.delete(oldest)
    }
    return chain
  }

  return {
    /** Whether the record has a row already; takes note of it if it has none. */
    isRepeat: (origin: RecordOrigin, writer: TransactionalWriter): boolean => {
      const isKnown =
        writer === knownWriter && known?.inputPartition === origin.inputPartition && known.topicId === origin.topicId
      known = isKnown && known ? known : open(origin, writer)
      knownWriter = writer
      if (origin.offset <= known.repeatsUpTo) return true
      known.offset = Math.max(known.offset, origin.offset)
      return false
    },
    list: (): readonly SourceChain[] => [...chains.values()].map((chain) => ({ ...chain })),
  }
}

const keyOf = ({
  inputPartition,
  producerId = '',
  topicId = '',
}: Pick<SourceChain, 'inputPartition' | 'producerId' | 'topicId'>): string =>
  `${inputPartition} ${producerId} ${topicId}`

/**
 * What a producer that is new here has brought before. Positions of the first version kept one offset an input
 * partition, whoever had brought it: the first producer to come takes it over. The mark of a topic that was made again
 * says whose offsets they are, so that any producer's count.
 */
const inherited = (chains: Map<string, MutableChain>, { inputPartition, topicId }: RecordOrigin): number => {
  let highest = -1
  for (const [key, chain] of chains) {
    const isOfFirstVersion = chain.producerId === undefined
    if (chain.inputPartition !== inputPartition || chain.topicId !== topicId) continue
    if (!isOfFirstVersion && topicId === undefined) continue
    highest = Math.max(highest, chain.offset)
    if (isOfFirstVersion) chains.delete(key)
  }
  return highest
}

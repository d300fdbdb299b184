import type { FetchedBytes } from './batch-index.js'
import { corruptRecordsOf, guardBatch } from './corrupt-batch.js'
import { moveToNext, openStretch, type RecordStretch } from './record-stretch.js'
import { RecordView } from './record-view.js'

/** Records to be visited in their order, once or again. */
export type Records = {
  /** How many at most: those before the offset that was asked for are counted, but not shown. */
  readonly length: number
  /** Shows one record after the other. It is the same view each time: what is to stay has to be copied. */
  readonly forEach: (visit: (record: RecordView) => void) => void
  /** The same for a visit that has to be waited for. */
  readonly [Symbol.iterator]: () => Iterator<RecordView>
}

/** Records to be read once, in order. */
export type RecordViews = Pick<Records, 'forEach'> & {
  /** The same records, some after the others; absent: they are few. */
  readonly parts?: Iterable<RecordViews>
}

export type FetchedPlace = Pick<FetchedBytes, 'topic' | 'partition' | 'fetchedOffset'>

/** The records of the stretches from the offset on that was asked for. */
export const toRecords = (fetched: FetchedPlace, stretches: readonly RecordStretch[]): Records => ({
  length: stretches.reduce((sum, { count }) => sum + count, 0),
  forEach: (visit) => {
    const view = new RecordView()
    for (const stretch of stretches) visitStretch(fetched, stretch, view, visit)
  },
  *[Symbol.iterator]() {
    const view = new RecordView()
    for (const stretch of stretches) {
      const cursor = openStretch(stretch, view, Number(fetched.fetchedOffset))
      while (guardBatch(fetched, stretch.batch, () => moveToNext(cursor))) yield view
    }
  },
})

const visitStretch = (
  fetched: FetchedPlace,
  stretch: RecordStretch,
  view: RecordView,
  visit: (record: RecordView) => void,
): void => {
  try {
    const cursor = openStretch(stretch, view, Number(fetched.fetchedOffset))
    while (moveToNext(cursor)) visit(view)
  } catch (error) {
    throw corruptRecordsOf(fetched, stretch.batch, error)
  }
}

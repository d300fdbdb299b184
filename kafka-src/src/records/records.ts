import type { FetchedBytes } from './batch-index.js'
import { corruptRecordsOf, guardBatch } from './corrupt-batch.js'
import { moveToNext, openStretch, type RecordStretch } from './record-stretch.js'
import { RecordView } from './record-view.js'

/** Records in order, which can be visited repeatedly. */
export type Records = {
  /** The largest possible number: records before the requested offset are counted but not shown. */
  readonly length: number
  /** Visits one record after the other. The view is the same each time: copy what has to outlive the call. */
  readonly forEach: (visit: (record: RecordView) => void) => void
  /** The same for an asynchronous visit. */
  readonly [Symbol.iterator]: () => Iterator<RecordView>
}

/** Records in order, to be read once. */
export type RecordViews = Pick<Records, 'forEach'> & {
  /** The same records in parts; absent if there are few. */
  readonly parts?: Iterable<RecordViews>
}

export type FetchedPlace = Pick<FetchedBytes, 'topic' | 'partition' | 'fetchedOffset'>

/** The records of the stretches from the requested offset on. */
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

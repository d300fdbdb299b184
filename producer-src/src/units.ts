/** Makes the function that says which unit record `index` is one of, by how many records the first units are. */
export const createUnits =
  (recordsOf: (units: number) => number): ((index: number) => number) =>
  (index) => {
    // Each unit has a record at least.
    let [low, high] = [0, index]
    while (low < high) {
      const middle = Math.floor((low + high) / 2)
      if (recordsOf(middle + 1) > index) high = middle
      else low = middle + 1
    }
    return low
  }

/** The names of the TaskManagers that run subtasks of any running job, from Flink's REST API. */
export const findBusyTaskManagers = async (flinkUrl: string): Promise<readonly string[]> => {
  const get = async (path: string): Promise<unknown> => (await fetch(`${flinkUrl}${path}`)).json()
  const { jobs } = (await get('/jobs')) as {
    readonly jobs: readonly { readonly id: string; readonly status: string }[]
  }
  const names = new Set<string>()
  for (const { id } of jobs.filter(({ status }) => status === 'RUNNING')) {
    const { vertices } = (await get(`/jobs/${id}`)) as { readonly vertices: readonly { readonly id: string }[] }
    for (const vertex of vertices) {
      const { subtasks } = (await get(`/jobs/${id}/vertices/${vertex.id}`)) as {
        readonly subtasks: readonly { readonly 'taskmanager-id': string }[]
      }
      for (const subtask of subtasks) names.add(subtask['taskmanager-id'])
    }
  }
  return [...names].toSorted()
}

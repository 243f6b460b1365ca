/** The tasks of a run in an order. They are counted and found without being listed: there may be 10^9. */
export interface TaskList<Task> {
  readonly count: number;
  /** Returns the task at a place, from 0 to `count` - 1. */
  at(place: number): Task;
  /** Returns the place of a task, or undefined if it is not in the list. */
  placeOf(task: Task): number | undefined;
  /**
   * Returns the number under which the task at a place is dealt to shards, a permutation of the places.
   * @default the place
   */
  deal?(place: number): number;
}

/** Returns the list of tasks given one by one, each with a key of its own. */
export function listTasks<Task>(tasks: readonly Task[], keyOf: (task: Task) => string): TaskList<Task> {
  const places = new Map(tasks.map((task, place) => [keyOf(task), place]));
  return {
    count: tasks.length,
    at: (place) => tasks[place] as Task,
    placeOf: (task) => places.get(keyOf(task)),
  };
}

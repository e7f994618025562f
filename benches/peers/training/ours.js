// The package's own trainer in a page, as anybody would call it: its workers, its networks as they come.

import { startTraining } from '/pkg/lib/training.js';

export const prepare = async ({ workers }) => ({
  facts: {},
  /** The averaged networks of a run, each with the seconds since the run was asked for: starting workers counts. */
  answer: (run) =>
    new Promise((resolve, reject) => {
      const snapshots = [];
      const begun = performance.now();
      startTraining(
        [run],
        {
          snapshot: ({ iteration, network }) =>
            snapshots.push({ iteration, seconds: (performance.now() - begun) / 1e3, network: Array.from(network) }),
          ended: ({ failure }) => (failure ? reject(new Error(failure.message)) : resolve(snapshots)),
        },
        { workers: Number(workers) },
      );
    }),
});

// Training in a page, in workers: what the library's other tests have in Node.
import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { inChromium, served } from './browser.mjs';

const script = `import { startTraining, train } from './lib/training.js';
/** A job in the background, and all that is heard of it. It rests when \`rest\` says so of a snapshot. */
globalThis.begin = (job, options, rest = () => false) => {
  const heard = { progress: [], snapshots: [], paused: 0, end: null };
  const handle = startTraining(job, {
    progress: (progress) => heard.progress.push(progress),
    snapshot: (snapshot) => {
      heard.snapshots.push(snapshot);
      if (rest(snapshot)) handle.pause();
    },
    paused: () => (heard.paused += 1),
    ended: (end) => (heard.end = end),
  }, options);
  return { handle, heard };
};
/** Numbers that stand for a network. */
globalThis.digest = async ({ network }) => {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', network));
  return [...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('');
};
globalThis.until = async (condition) => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
};
globalThis.train = train;
/** Few Gaussians, since Student-t noise looks at each many times; eight shards. */
globalThis.eight = { distribution: 'eight-gaussians', classes: 'AB', degreesOfFreedom: 5, hidden: 16, batch: 700, iterations: 40 };
`;

export function testTraining(folder) {
  const out = join(folder, 'training');
  const prepare = () => {
    if (existsSync(out)) return;
    mkdirSync(out);
    cpSync(join(folder, 'node_modules/guidance-playground/lib'), join(out, 'lib'), { recursive: true });
    writeFileSync(join(out, 'page.js'), script);
    writeFileSync(join(out, 'index.html'), '<!doctype html><title>Training</title><script type="module" src="./page.js"></script>');
  };
  const inPage = (act) => {
    prepare();
    return served(out, (address) =>
      inChromium(async (page, faults) => {
        const open = async () => {
          await page.goto(address);
          await page.waitForFunction(() => globalThis.train);
        };
        await open();
        await act(page, open, faults);
        assert.deepEqual(faults, []);
      }),
    );
  };

  test('a training shared by workers is the same to the bit, however many they are', { timeout: 120_000 }, async () => {
    await inPage(async (page) => {
      const found = await page.evaluate(async () => {
        const digests = [];
        for (const workers of [1, 2, 3, 16]) {
          digests.push(await digest(await train({ ...eight, workers })));
        }
        return digests;
      });
      assert.equal(new Set(found).size, 1);
      // There is no WebGPU here: the CPU trains, and whoever asked for that is told why.
      const asked = await page.evaluate(async () => {
        let engine;
        const trained = await train({ ...eight, engine: 'webgpu', progress: (now) => (engine = now.engine) });
        return [await digest(trained), engine.kind, engine.notice];
      });
      assert.deepEqual(asked.slice(0, 2), [found[0], 'cpu']);
      assert.match(asked[2], /^WebGPU was asked for and cannot be had: .+ The CPU trains instead\.$/);
      const other = await page.evaluate(async () => digest(await train({ ...eight, seed: 8 })));
      assert.notEqual(other, found[0]);
    });
  });

  test('it rests, goes on, and comes back after its page was left, to the same bits', { timeout: 120_000 }, async () => {
    await inPage(async (page, open) => {
      const job = [
        { hidden: 16, batch: 192, iterations: 300 },
        { hidden: 8, batch: 96, iterations: 200, classes: 'AB' },
      ];
      const summary = (heard) =>
        page.evaluate(
          async (heard) => ({
            end: heard.end,
            last: heard.progress.at(-1),
            kept: await Promise.all(
              heard.snapshots
                .filter(({ kept }) => kept)
                .map(async (snapshot) => `${snapshot.run} ${snapshot.iteration} ${await digest(snapshot)}`),
            ),
          }),
          heard,
        );
      const whole = await page.evaluateHandle(async (job) => {
        const { heard } = begin(job, {});
        await until(() => heard.end);
        return heard;
      }, job);
      const expected = await summary(whole);
      assert.deepEqual(expected.end, { type: 'done' });
      assert.deepEqual([expected.last.run, expected.last.iteration, expected.last.done], [1, 200, 1]);
      assert.deepEqual(
        expected.kept.map((text) => text.split(' ').slice(0, 2).map(Number)),
        [64, 128, 256, 300].map((i) => [0, i]).concat([64, 128, 200].map((i) => [1, i])),
      );

      // Left in its second run, after it has rested once.
      const left = await page.evaluate(async (job) => {
        const { handle, heard } = begin(job, { name: 'test', workers: 3 }, ({ iteration }) => iteration === 64);
        await until(() => heard.paused === 1);
        const before = heard.progress.length;
        await new Promise((resolve) => setTimeout(resolve, 400));
        const silent = heard.progress.length === before && heard.end === null;
        handle.resume();
        await until(() => heard.paused === 2);
        return { silent, ...heard.progress.at(-1) };
      }, job);
      assert.ok(left.silent);
      assert.ok(left.run === 1 && left.iteration < 200, JSON.stringify(left));
      await open();
      const back = await page.evaluateHandle(async (job) => {
        const { heard } = begin(job, { name: 'test', workers: 2 });
        await until(() => heard.end);
        return heard;
      }, job);
      const found = await summary(back);
      const first = await back.evaluate((heard) => heard.progress[0]);
      assert.deepEqual([first.run, first.iteration], [1, left.iteration]);
      assert.deepEqual(found.end, { type: 'done' });
      assert.deepEqual(found.kept, expected.kept);

      // Done is done: under the same name it begins anew.
      const anew = await page.evaluate(async (job) => {
        const { handle, heard } = begin(job, { name: 'test' });
        await until(() => heard.progress.length > 0);
        handle.stop();
        await until(() => heard.end);
        return [heard.progress[0].run, heard.progress[0].iteration, heard.end.type];
      }, job);
      assert.deepEqual(anew, [0, 0, 'stopped']);
    });
  });

  test('what cannot be trained is refused, and a worker that does not come is told', { timeout: 60_000 }, async () => {
    const ends = (page, jobs) =>
      page.evaluate(async (jobs) => {
        const ends = [];
        for (const job of jobs) {
          const { heard } = begin(job, {});
          await until(() => heard.end);
          ends.push(heard.end);
        }
        return ends;
      }, jobs);
    await inPage(async (page, open, faults) => {
      const small = { iterations: 8, batch: 96 };
      const jobs = [[], [{ iterations: 0 }], [{ ...small, hidden: 3 }], [{ ...small, data: 'nowhere' }]];
      const words = [/1 to 16 networks/, /iterations/, /hidden width/, /nowhere/];
      (await ends(page, jobs)).forEach(({ type, failure }, i) => {
        assert.deepEqual([type, failure.code], ['failed', 'invalid']);
        assert.match(failure.message, words[i]);
        assert.ok(failure.advice);
      });
      await page.route('**/shard-worker-*.js', (route) => route.abort());
      const [{ type, failure }] = await ends(page, [[{ ...small, hidden: 8 }]]);
      assert.deepEqual([type, failure.code], ['failed', 'training-stopped']);
      await page.unroute('**/shard-worker-*.js');
      await open();
      assert.deepEqual(await ends(page, [[{ ...small, hidden: 8 }]]), [{ type: 'done' }]);
      // The browser's own word for what was held back.
      assert.ok(faults.splice(0).every((fault) => /ERR_FAILED/.test(fault)));
    });
  });

  test('fifty trainings that were stopped leave no worker and no memory behind', { timeout: 180_000 }, async (t) => {
    await inPage(async (page) => {
      const cycles = (count) =>
        page.evaluate(async (count) => {
          for (let i = 0; i < count; i++) {
            const { handle, heard } = begin([{ hidden: 16, batch: 192, iterations: 60_000 }], { name: 'cycle', workers: 2 });
            await until(() => heard.progress.length > 1);
            handle.stop();
            await until(() => heard.end);
          }
        }, count);
      const session = await page.context().newCDPSession(page);
      const used = async () => {
        await session.send('HeapProfiler.collectGarbage');
        return (await session.send('Runtime.getHeapUsage')).usedSize;
      };
      await cycles(5);
      // What is counted at the end is seen while there is some.
      const running = await page.evaluateHandle(async () => {
        const { handle, heard } = begin([{ hidden: 16, batch: 192, iterations: 60_000 }], { workers: 2 });
        await until(() => heard.progress.length > 1);
        return handle;
      });
      assert.equal(page.workers().length, 3);
      await running.evaluate((handle) => handle.stop());
      await running.dispose();
      const before = await used();
      await cycles(50);
      const after = await used();
      t.diagnostic(`heap ${before} bytes before, ${after} after`);
      assert.equal(page.workers().length, 0);
      // A training that were held would be its core's module alone 100 kB.
      assert.ok(after - before < 500_000, `${after - before} bytes`);
    });
  });
}

// The loss of our training, of whatever was trained: half the mean of sigma^2 |s - s*|^2 over points under noise, s* being the exact
// score (src/plane/training). It has no unit: it is the same for data of any size.

/** Mean and standard deviation of ln sigma in training (the autoguidance paper's; src/plane/training/batch.rs). */
const [MEAN, DEVIATION] = [-2.3, 1.5];

/** Noise levels, and how much each counts: the integral over a normal ln sigma as a sum of steps of a quarter of its deviation. */
export const levels = Array.from({ length: 25 }, (_, i) => {
  const z = (i - 12) / 4;
  return { sigma: Math.exp(MEAN + DEVIATION * z), share: Math.exp((-z * z) / 2) / (4 * Math.sqrt(2 * Math.PI)) };
});

/** Of scores at the points of each level, x0, y0, x1, y1, ..., beside exact ones. */
export const loss = (found, exact) =>
  levels.reduce((sum, { sigma, share }, i) => {
    const squares = found[i].reduce((squares, score, j) => squares + (score - exact[i][j]) ** 2, 0);
    return sum + (share * 0.5 * sigma ** 2 * squares) / (found[i].length / 2);
  }, 0);

/**
 * Flow matching knows data u = (x - centre) / unit at a time t as x_t = (1 - t) x_0 + t u. Divided by t that is u under noise of
 * (1 - t) / t, which is sigma / unit: where and when it is asked for points x under noise sigma.
 */
export function asked(points, sigma, { centre, unit }) {
  const t = 1 / (1 + sigma / unit);
  return { t, at: Array.from(points, (x, i) => (t * (x - centre[i % 2])) / unit) };
}

/** The scores that its velocities v there mean: u is expected at x_t + (1 - t) v, and the score is what leads to that over sigma^2. */
export function scores(velocities, points, sigma, frame) {
  const { t, at } = asked(points, sigma, frame);
  return velocities.map((v, i) => {
    const expected = frame.centre[i % 2] + frame.unit * (at[i] + (1 - t) * v);
    return (expected - points[i]) / sigma ** 2;
  });
}

/** Holds both to what is known of one Gaussian, whose velocities (Lipman et al., arXiv 2210.02747, by conditioning x_1 - x_0 on x_t) and scores are closed forms. */
export function check() {
  const frame = { centre: [0.3, -0.2], unit: 0.4 };
  const [mean, deviation] = [[0.5, 0.1], 0.25];
  const points = [0.1, 0.9, -2, 0.4, 0.5, 0.1];
  const ofUnit = { mean: mean.map((m, i) => (m - frame.centre[i]) / frame.unit), variance: (deviation / frame.unit) ** 2 };
  const all = levels.map(({ sigma }) => {
    const { t, at } = asked(points, sigma, frame);
    const slope = (t * ofUnit.variance - (1 - t)) / ((1 - t) ** 2 + t ** 2 * ofUnit.variance);
    const velocities = at.map((x, i) => ofUnit.mean[i % 2] + slope * (x - t * ofUnit.mean[i % 2]));
    return [scores(velocities, points, sigma, frame), points.map((x, i) => (mean[i % 2] - x) / (deviation ** 2 + sigma ** 2))];
  });
  const off = loss(...[0, 1].map((which) => all.map((of) => of[which])));
  if (!(off < 1e-20)) throw new Error(`velocities of a Gaussian do not become its scores: the loss is ${off}`);
  const total = levels.reduce((sum, { share }) => sum + share, 0);
  if (Math.abs(total - 1) > 0.01) throw new Error(`noise levels count ${total} together`);
}

use super::*;

/// Run a kernel on every instruction set of this machine.
fn each<K: Kernel + Clone>(kernel: K) -> Vec<(&'static str, K::Output)> {
    // SAFETY: these are the available ones.
    Instructions::available().map(|set| (set.title(), unsafe { set.enter(kernel.clone()) })).collect()
}

/// Numbers without pattern in [-1, 1).
fn noise(len: usize, seed: u32) -> Buffer {
    let mut buffer = Buffer::zeros(len);
    let mut state = seed;
    for x in buffer.iter_mut() {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        *x = (state >> 8) as f32 / (1 << 23) as f32 - 1.0;
    }
    buffer
}

#[test]
fn what_a_machine_lacks_is_refused_by_what_it_has() {
    for set in Instructions::available() {
        assert_eq!(Instructions::asked(Some(set.name())), Ok(Some(set)));
    }
    assert_eq!(Instructions::asked(Some("auto")), Ok(None));
    assert_eq!(Instructions::available().next(), Some(Instructions::best()));
    let sentence = Instructions::asked(Some("mmx")).unwrap_err().to_string();
    assert!(sentence.contains("mmx"), "{sentence}");
    assert!(Instructions::available().all(|set| sentence.contains(set.name())), "{sentence}");
}

/// `exp` of every number; a multiple of sixteen of them.
#[derive(Clone)]
struct Exp(Vec<f32>);

impl Kernel for Exp {
    type Output = Vec<f32>;
    #[inline(always)]
    fn run<L: Lanes>(mut self, l: L) -> Vec<f32> {
        for xs in self.0.chunks_exact_mut(L::N) {
            l.store(exp(l, l.load(xs)), xs);
        }
        self.0
    }
}

#[test]
fn exp_is_the_standard_librarys() {
    let xs: Vec<f32> = (0..160_000).map(|i| -86.9 + 174.7 * i as f32 / 160_000.0).collect();
    for (name, ys) in each(Exp(xs.clone())) {
        for (&x, y) in xs.iter().zip(ys) {
            let error = f64::from(y) / f64::from(x).exp() - 1.0;
            assert!(error.abs() < 2.0 * f64::from(f32::EPSILON), "{name}: exp({x}) is off by {error}");
        }
    }
}

#[test]
fn exp_is_clamped_rather_than_infinite() {
    let xs = std::iter::repeat_n(-1e30, 16).chain(std::iter::repeat_n(1e30, 16)).collect();
    for (name, ys) in each(Exp(xs)) {
        assert!(ys[..16].iter().all(|y| (0.0..1e-37).contains(y)), "{name}: {ys:?}");
        assert!(ys[16..].iter().all(|y| y.is_finite() && *y > 1e38), "{name}: {ys:?}");
    }
}

/// `exp_of_share` of every number; a multiple of sixteen of them.
#[derive(Clone)]
struct Share(Vec<f32>);

impl Kernel for Share {
    type Output = Vec<f32>;
    #[inline(always)]
    fn run<L: Lanes>(mut self, l: L) -> Vec<f32> {
        for xs in self.0.chunks_exact_mut(L::N) {
            l.store(exp_of_share(l, l.load(xs)), xs);
        }
        self.0
    }
}

#[test]
fn shares_are_nothing_beside_one_or_as_they_are() {
    let xs: Vec<f32> = (0..16_000).map(|i| -100.0 * i as f32 / 15_999.0).chain([-1e30; 16]).collect();
    for (name, ys) in each(Share(xs.clone())) {
        for (&x, y) in xs.iter().zip(ys) {
            let truth = f64::from(x).exp();
            let near = (f64::from(y) / truth - 1.0).abs() < 2.0 * f64::from(f32::EPSILON);
            // Of the faint a product with a thousandth of a thousandth is a normal number still, and a thousand are nothing.
            let faint = x < -59.9 && (1e-6 * y).is_normal() && 1.0 + 1e3 * y == 1.0;
            assert!(near || faint, "{name}: {y} for e^{x}");
        }
    }
}

/// `silu` of every number, and its slopes; a multiple of sixteen of them.
#[derive(Clone)]
struct Silu(Vec<f32>);

impl Kernel for Silu {
    type Output = Vec<(f32, f32)>;
    #[inline(always)]
    fn run<L: Lanes>(self, l: L) -> Self::Output {
        let mut values = Vec::new();
        for xs in self.0.chunks_exact(L::N) {
            let (value, slope) = silu(l, l.load(xs));
            let mut both = [[0.0; 16]; 2];
            l.store(value, &mut both[0]);
            l.store(slope, &mut both[1]);
            values.extend((0..L::N).map(|i| (both[0][i], both[1][i])));
        }
        values
    }
}

#[test]
fn silu_and_its_slope_are_within_their_error() {
    let near = (0..160_000).map(|i| -20.0 + 40.0 * i as f32 / 160_000.0);
    let far = (0..16).flat_map(|i| [10f32.powi(2 * i), -(10f32.powi(2 * i))]);
    let xs: Vec<f32> = near.chain(far).collect();
    for (name, ys) in each(Silu(xs.clone())) {
        for (&x, (value, slope)) in xs.iter().zip(ys) {
            let (x, s) = (f64::from(x), 1.0 / (1.0 + (-f64::from(x)).exp()));
            let truths = [x * s, s * (1.0 + x * (1.0 - s))];
            for (found, truth) in [value, slope].into_iter().zip(truths) {
                let error = (f64::from(found) - truth).abs();
                assert!(error < 3e-7 * truth.abs().max(1.0), "{name}: {found} in place of {truth} at {x}");
            }
        }
    }
}

#[test]
fn products_are_the_textbooks() {
    const ROWS: usize = 12;
    const COLUMNS: usize = 20;
    #[derive(Clone)]
    struct Both {
        a: Buffer,
        x: Buffer,
        y: Buffer,
    }
    impl Kernel for Both {
        type Output = (Vec<f32>, Vec<f32>);
        #[inline(always)]
        fn run<L: Lanes>(self, l: L) -> Self::Output {
            let panels = Panels::pack(ROWS, COLUMNS, |r, c| self.a[r * COLUMNS + c]);
            let mut product = vec![0.0; ROWS * TILE];
            multiply(l, &panels, &self.x, &mut product);
            let mut sums = vec![0.5; ROWS * COLUMNS];
            add_outer(l, &[(&self.y, &self.x), (&self.y, &self.y)], &mut sums, COLUMNS);
            (product, sums)
        }
    }
    let kernel = Both { a: noise(ROWS * COLUMNS, 1), x: noise(COLUMNS * TILE, 2), y: noise(COLUMNS * TILE, 3) };
    let dot = |a: &mut dyn Iterator<Item = (f32, f32)>| a.map(|(a, b)| f64::from(a) * f64::from(b)).sum::<f64>();
    for (name, (product, sums)) in each(kernel.clone()) {
        for (i, &value) in product.iter().enumerate() {
            let (r, t) = (i / TILE, i % TILE);
            let truth = dot(&mut (0..COLUMNS).map(|c| (kernel.a[r * COLUMNS + c], kernel.x[c * TILE + t])));
            assert!((f64::from(value) - truth).abs() < 1e-5, "{name}: row {r}, lane {t}: {value}, {truth}");
        }
        for (i, &value) in sums.iter().enumerate() {
            let (r, c) = (i / COLUMNS, i % COLUMNS);
            let truth = 0.5
                + dot(&mut (0..TILE).flat_map(|t| {
                    let y = kernel.y[r * TILE + t];
                    [(y, kernel.x[c * TILE + t]), (y, kernel.y[c * TILE + t])]
                }));
            assert!((f64::from(value) - truth).abs() < 1e-4, "{name}: {r}, {c}: {value}, {truth}");
        }
    }
}

#[test]
fn convolutions_are_the_textbooks() {
    const SIDE: usize = 4;
    const LANES: usize = 16;
    const CHANNELS: usize = 5;
    const ROWS: usize = 8;
    const PLANE: usize = (SIDE + 2) * (SIDE + 2) * LANES;
    #[derive(Clone)]
    struct Both {
        weights: Buffer,
        pixels: Buffer,
    }
    struct Stored(Vec<f32>);
    impl Strips for Stored {
        #[inline(always)]
        fn put<L: Lanes>(&mut self, l: L, row: usize, at: usize, sum: L::V) {
            let plane = self.0.len() / ROWS;
            l.store(sum, &mut self.0[row * plane + at..]);
        }
    }
    impl Kernel for Both {
        type Output = Vec<f32>;
        #[inline(always)]
        fn run<L: Lanes>(self, l: L) -> Vec<f32> {
            let patches = winograd::Patches { side: SIDE, lanes: LANES, rows: 0..SIDE / 2 };
            let width = patches.width();
            let mut entries = Buffer::zeros(winograd::ENTRIES * CHANNELS * width);
            winograd::Transform { patches: patches.clone(), from: &self.pixels, to: &mut entries }.run(l);
            let mut products = Vec::new();
            for i in 0..winograd::ENTRIES {
                let weights = |at: usize| winograd::weights(self.weights.as_chunks().0[at])[i];
                let matrix = Panels::pack(ROWS, CHANNELS, |row, column| weights(row * CHANNELS + column));
                let mut product = Stored(vec![0.0; ROWS * width]);
                strips::multiply(l, &matrix, &entries[i * CHANNELS * width..], width, &mut product);
                products.extend(product.0);
            }
            let mut then = Stored(vec![0.0; ROWS * SIDE * SIDE * LANES]);
            winograd::Finish { patches, from: &products, channels: ROWS, then: &mut then }.run(l);
            then.0
        }
    }
    let kernel = Both { weights: noise(ROWS * CHANNELS * 9, 4), pixels: noise(CHANNELS * PLANE, 5) };
    for (name, found) in each(kernel.clone()) {
        for (i, &value) in found.iter().enumerate() {
            let (row, y, x, lane) = (i / LANES / SIDE / SIDE, i / LANES / SIDE % SIDE, i / LANES % SIDE, i % LANES);
            let term = |j: usize| {
                let (channel, down, right) = (j / 9, j % 9 / 3, j % 3);
                let pixel = channel * PLANE + ((y + down) * (SIDE + 2) + x + right) * LANES + lane;
                f64::from(kernel.weights[row * CHANNELS * 9 + j]) * f64::from(kernel.pixels[pixel])
            };
            let truth: f64 = (0..CHANNELS * 9).map(term).sum();
            assert!((f64::from(value) - truth).abs() < 1e-5, "{name}: {i}: {value}, {truth}");
        }
    }
}

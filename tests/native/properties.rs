//! What must hold whatever the numbers are.

use crate::sampler::{class_a_starts, scheme};
use crate::{MODELS, mixture};
use guidance_playground::guidance::{Combination, Guide, Noise, Reading, Schedule, Scheme, Space};
use guidance_playground::plane::Models;
use guidance_playground::plane::distribution::{Classes, Component, Mixture};
use guidance_playground::plane::engine::RunConfig;
use guidance_playground::plane::engine::cpu::Sampler;
use guidance_playground::plane::network::Network;
use guidance_playground::plane::starts;
use guidance_playground::random::Stream;
use guidance_playground::sampling::{NoiseLevels, Solver};
use nalgebra::{Matrix2, Vector2};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use std::sync::LazyLock;

const NETWORK: &[u8] = include_bytes!("../data/network-16.safetensors");

/// Exact models and one small network, `net`.
static WITH_NETWORK: LazyLock<Models> = LazyLock::new(|| {
    let mut models = Models::new();
    models.add("net", Network::from_safetensors(NETWORK).unwrap());
    models
});

/// Few cases, since most of them sample, and always the same, so that a failure is the change's that it meets.
fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, failure_persistence: None, rng_seed: RngSeed::Fixed(2), ..ProptestConfig::default() }
}

fn solvers() -> impl Strategy<Value = Solver> {
    prop_oneof![Just(Solver::Heun), Just(Solver::Euler)]
}

fn models() -> impl Strategy<Value = &'static str> {
    prop_oneof![Just("exact:A"), Just("exact:B"), Just("net")]
}

/// Eight steps are enough for properties that hold at each.
fn sampler(scheme: Scheme, solver: Solver) -> Sampler {
    let levels = NoiseLevels { steps: 8, ..NoiseLevels::default() };
    Sampler::new(&RunConfig { scheme: Scheme { solver, levels, ..scheme }, seed: 0 }, &WITH_NETWORK).unwrap()
}

fn ends(scheme: Scheme, solver: Solver, starts: &[[f32; 2]], threads: usize) -> Vec<[f32; 2]> {
    sampler(scheme, solver).sample(starts, threads)
}

proptest! {
    #![proptest_config(cases(12))]

    #[test]
    fn weight_one_is_no_guidance_to_the_bit(
        main in models(), guide in models(), k in 0.5..2.0f64, solver in solvers(), seed: u64, count in 1..200usize,
    ) {
        let starts = class_a_starts(seed, count);
        let guided = ends(scheme(main, Some((guide, k)), 1.0), solver, &starts, 1);
        prop_assert_eq!(guided, ends(scheme(main, None, 1.0), solver, &starts, 1));
    }

    /// s0 + w (s1 - s0) with s0 = s1 has no rounding at all: the difference is zero.
    #[test]
    fn a_model_guided_by_itself_is_itself(
        main in models(), weight in -2.0..10.0f64, solver in solvers(), seed: u64, count in 1..200usize,
    ) {
        let starts = class_a_starts(seed, count);
        let guided = ends(scheme(main, Some((main, 1.0)), weight), solver, &starts, 1);
        prop_assert_eq!(guided, ends(scheme(main, None, 1.0), solver, &starts, 1));
    }

    /// At k = 1 scores, noise and denoised estimates are mixed alike.
    #[test]
    fn spaces_are_one_without_sigma_scaling(
        main in models(), guide in models(), weight in -2.0..10.0f64, solver in solvers(), seed: u64,
    ) {
        let starts = class_a_starts(seed, 50);
        let scheme = scheme(main, Some((guide, 1.0)), weight);
        let score = ends(scheme.clone(), solver, &starts, 1);
        for space in [Space::Epsilon, Space::Denoised] {
            prop_assert_eq!(&ends(Scheme { space, ..scheme.clone() }, solver, &starts, 1), &score);
        }
    }

    /// Student-t noise of many degrees of freedom is Gaussian: a guide under it is sigma scaling.
    #[test]
    fn tails_end_where_degrees_of_freedom_do_not(k in 1.0..1.3f64, weight in 1.5..4.0f64, seed: u64) {
        let starts = class_a_starts(seed, 20);
        let gaussian = scheme("exact:A", Some(("exact:A", k)), weight);
        let noise = Noise::StudentT { degrees_of_freedom: 1e6 };
        let student = Scheme { guide: Some(Guide { noise, ..Guide::new("exact:A", k) }), ..gaussian.clone() };
        let [a, b] = [gaussian, student].map(|scheme| ends(scheme, Solver::Heun, &starts, 2));
        let far = a.iter().zip(&b).filter(|(a, b)| (a[0] - b[0]).hypot(a[1] - b[1]) > 1e-2).count();
        // A watershed may decide otherwise for one.
        prop_assert!(far <= 1, "{far} of 20");
    }

    /// CFG++ with l is CFG with the weights l / (1 - sigma+/sigma) under Euler.
    #[test]
    fn cfg_plus_plus_is_a_schedule(lambda in 0.0..1.0f64, seed: u64) {
        let starts = class_a_starts(seed, 50);
        let base = scheme("exact:A", Some(("exact:AB", 1.0)), lambda);
        let sigmas = NoiseLevels { steps: 8, ..NoiseLevels::default() }.sigmas().unwrap();
        let points = (0..8).map(|i| [i as f64 / 7.0, 1.0 / (1.0 - sigmas[i + 1] / sigmas[i])]).collect();
        let curve = Scheme { schedule: Schedule::Curve { points }, reading: Reading::Raw, ..base.clone() };
        let plus = ends(Scheme { combination: Combination::CfgPlusPlus, ..base }, Solver::Euler, &starts, 1);
        let curve = ends(curve, Solver::Euler, &starts, 1);
        let far = plus.iter().zip(&curve).filter(|(a, b)| (a[0] - b[0]).hypot(a[1] - b[1]) > 1e-3).count();
        prop_assert!(far <= 1, "{far} of 50");
    }

    #[test]
    fn starts_of_more_particles_begin_with_those_of_fewer(
        seed: u64, sigma in 0.0..10.0f64, few in 1..50usize, more in 0..50usize,
    ) {
        let of = |particles| starts(mixture(Classes::A), sigma, seed, particles);
        prop_assert_eq!(&of(0..few + more)[..few], &of(0..few)[..]);
        prop_assert_eq!(&of(0..few + more)[few..], &of(few..few + more)[..]);
    }

    #[test]
    fn seeds_do_not_share_starts(a: u64, b: u64) {
        prop_assume!(a != b);
        prop_assert_ne!(class_a_starts(a, 4), class_a_starts(b, 4));
    }

    #[test]
    fn threads_change_nothing(main in models(), solver in solvers(), seed: u64, threads in 2..9usize, count in 1..700usize) {
        let starts = class_a_starts(seed, count);
        let scheme = scheme(main, Some(("exact:AB", 1.1)), 2.0);
        let one = ends(scheme.clone(), solver, &starts, 1);
        prop_assert_eq!(ends(scheme, solver, &starts, threads), one);
    }

    #[test]
    fn a_path_can_be_cut_anywhere(
        main in models(), solver in solvers(), seed: u64, cut in 0..9usize, threads in 1..4usize, count in 1..300usize,
    ) {
        let starts = class_a_starts(seed, count);
        let sampler = sampler(scheme(main, Some(("net", 1.1)), 1.5), solver);
        let begin = || sampler.begin(0, starts.clone());
        let path = sampler.path(&mut begin(), 0..8, threads);
        let mut particles = begin();
        let mut pieces = sampler.path(&mut particles, 0..cut, 1);
        pieces.extend(sampler.path(&mut particles, cut..8, threads));
        prop_assert_eq!(pieces, path.clone());
        for (step, points) in path.chunks(count).enumerate() {
            let mut particles = begin();
            sampler.advance(&mut particles, 0..step + 1, threads);
            prop_assert_eq!(&particles.positions[..], points);
        }
    }

    /// Whatever company it has and wherever in it it stands.
    #[test]
    fn a_particle_goes_its_own_way(main in models(), solver in solvers(), seed: u64, count in 2..300usize, pick: prop::sample::Index) {
        let starts = class_a_starts(seed, count);
        let scheme = scheme(main, Some(("net", 1.0)), 1.5);
        let together = ends(scheme.clone(), solver, &starts, 1);
        let pick = pick.index(count);
        prop_assert_eq!(ends(scheme.clone(), solver, &starts[pick..=pick], 1)[0], together[pick]);
        let mut reversed = starts;
        reversed.reverse();
        let mut back = ends(scheme, solver, &reversed, 1);
        back.reverse();
        prop_assert_eq!(back, together);
    }
}

#[test]
fn evaluations_and_levels_are_counted() {
    for (guide, solver, evaluations) in [
        (None, Solver::Heun, 63),
        (Some(("exact:AB", 1.0)), Solver::Heun, 126),
        (Some(("exact:AB", 1.0)), Solver::Euler, 64),
    ] {
        let weight = if guide.is_some() { 2.0 } else { 1.0 };
        let scheme = Scheme { solver, ..scheme("exact:A", guide, weight) };
        let sampler = Sampler::new(&RunConfig { scheme, seed: 0 }, &MODELS).unwrap();
        assert_eq!((sampler.steps(), sampler.sigmas().len()), (32, 33));
        assert_eq!((sampler.evaluations(0), sampler.evaluations(32)), (0, evaluations));
    }
}

#[test]
fn no_particles_and_no_steps_are_none() {
    let sampler = sampler(scheme("net", None, 1.0), Solver::Heun);
    let starts = class_a_starts(1, 3);
    let mut particles = sampler.begin(0, starts.clone());
    sampler.advance(&mut particles, 2..2, 1);
    assert_eq!(particles.positions, starts);
    assert!(sampler.path(&mut particles, 2..2, 1).is_empty());
    assert!(sampler.path(&mut sampler.begin(0, vec![]), 0..8, 2).is_empty());
}

/// A mixture of one to four components: weight, mean, standard deviations and correlation.
fn mixtures() -> impl Strategy<Value = Mixture> {
    let component = (0.1..1.0f64, [-1.0..1.0f64, -1.0..1.0], [0.05..0.5f64, 0.05..0.5], -0.9..0.9f64);
    prop::collection::vec(component, 1..5).prop_map(|parts| {
        let component = |(weight, mean, [sx, sy], r): (f64, [f64; 2], [f64; 2], f64)| Component {
            weight,
            mean: Vector2::from(mean),
            covariance: Matrix2::new(sx * sx, r * sx * sy, r * sx * sy, sy * sy),
            class: 0,
            branch: 0,
        };
        Mixture::new(parts.into_iter().map(component).collect()).unwrap()
    })
}

proptest! {
    #![proptest_config(cases(16))]

    /// The score has mean zero under its own density, and the mean of x_i score_j is minus the identity (Stein): they
    /// fail if samples and density disagree in place, shape, weight or smoothing.
    #[test]
    fn samples_are_of_the_density(mixture in mixtures(), sigma in 0.0..0.2f64, seed: u64) {
        let n = 65_536;
        let (mut sums, mut squares) = ([0.0; 6], [0.0; 6]);
        for i in 0..n {
            let x = mixture.sample(sigma, seed, Stream::Start, i);
            let s = mixture.score(x, sigma);
            for (k, v) in [s.x, s.y, x.x * s.x + 1.0, x.x * s.y, x.y * s.x, x.y * s.y + 1.0].into_iter().enumerate() {
                sums[k] += v;
                squares[k] += v * v;
            }
        }
        for (sum, square) in sums.into_iter().zip(squares) {
            // Five standard errors: a hundred such tests, on skewed variables.
            let (mean, error) = (sum / n as f64, square.sqrt() / n as f64);
            prop_assert!(mean.abs() < 5.0 * error, "{mean} {error}");
        }
    }

    #[test]
    fn the_laplacian_is_the_divergence_of_the_score(
        mixture in mixtures(), x in -2.0..2.0f64, y in -2.0..2.0f64, sigma in 0.0..1.0f64,
    ) {
        let h = 1e-5;
        let score = |dx: f64, dy: f64| mixture.score(Vector2::new(x + dx, y + dy), sigma);
        let divergence = (score(h, 0.0).x - score(-h, 0.0).x + score(0.0, h).y - score(0.0, -h).y) / (2.0 * h);
        let laplacian = mixture.laplacian(Vector2::new(x, y), sigma);
        // Central differences err by h^2 times third derivatives of the score, up to 1e8 where components of standard
        // deviation .02 meet, and by rounding of the score over h: 1e-11 of its square.
        let scale = 1.0 + laplacian.abs() + score(0.0, 0.0).norm_squared();
        prop_assert!((divergence - laplacian).abs() < 1e-5 * scale, "{divergence} {laplacian}");
    }

    /// A Student-t becomes a Gaussian as 1/nu, where samples are: scores r scales off differ by some r^3/nu.
    #[test]
    fn with_many_degrees_of_freedom_noise_is_gaussian(
        mixture in mixtures(), sigma in 0.05..1.0f64, log_nu in 3.0..6.0f64, seed: u64,
    ) {
        let nu = 10f64.powf(log_nu);
        for i in 0..20 {
            let x = mixture.sample(sigma, seed, Stream::Start, i);
            let gaussian = mixture.evaluate(x, sigma);
            let (log_density, score) = mixture.evaluate_student_t(x, sigma, nu).unwrap();
            let errors = [(log_density - gaussian.log_density).abs(), sigma * (score - gaussian.score).norm()];
            // Five scales off, and the rule's own error.
            prop_assert!(errors.iter().all(|&e| e < 125.0 / nu + 5e-5), "{nu}: {errors:?}");
        }
    }
}

/// One way to spoil a file.
#[derive(Clone, Debug)]
enum Damage {
    Set(prop::sample::Index, u8),
    Flip(prop::sample::Index, u8),
    Remove(prop::sample::Index, usize),
    Insert(prop::sample::Index, Vec<u8>),
    Copy(prop::sample::Index, prop::sample::Index, usize),
    Length(u64),
    Cut(prop::sample::Index),
    /// Other words of equal length in the header: damage that the header's own syntax does not show.
    Reword(&'static str, &'static str),
}

const REWORDINGS: [(&str, &str); 10] = [
    ("F32", "I32"),
    ("F32", "U32"),
    ("[16,4]", "[4,16]"),
    ("[16,4]", "[64,1]"),
    ("[16,16]", "[256,1]"),
    ("[16,16]", "[32, 8]"),
    ("layers.0", "layers.1"),
    ("layers.4", "layers.5"),
    ("layers.8", "layers.x"),
    ("gain", "pain"),
];

fn damage() -> impl Strategy<Value = Damage> {
    let at = any::<prop::sample::Index>;
    prop_oneof![
        (at(), any::<u8>()).prop_map(|(i, v)| Damage::Set(i, v)),
        (at(), 0..8u8).prop_map(|(i, bit)| Damage::Flip(i, bit)),
        (at(), 1..40usize).prop_map(|(i, n)| Damage::Remove(i, n)),
        (at(), prop::collection::vec(any::<u8>(), 1..40)).prop_map(|(i, bytes)| Damage::Insert(i, bytes)),
        (at(), at(), 1..40usize).prop_map(|(from, to, n)| Damage::Copy(from, to, n)),
        any::<u64>().prop_map(Damage::Length),
        at().prop_map(Damage::Cut),
        prop::sample::select(&REWORDINGS[..]).prop_map(|(from, to)| Damage::Reword(from, to)),
    ]
}

/// Half of the damage goes to the header: most of the file is numbers, and any number will do.
fn spoil(bytes: &mut Vec<u8>, damage: &Damage, header_only: bool) {
    if bytes.is_empty() {
        return;
    }
    let range = if header_only { bytes.len().min(600) } else { bytes.len() };
    match damage {
        Damage::Set(i, v) => bytes[i.index(range)] = *v,
        Damage::Flip(i, bit) => bytes[i.index(range)] ^= 1 << bit,
        Damage::Remove(i, n) => {
            let from = i.index(range);
            bytes.drain(from..(from + n).min(bytes.len()));
        }
        Damage::Insert(i, new) => {
            let at = i.index(range);
            bytes.splice(at..at, new.iter().copied());
        }
        Damage::Copy(from, to, n) => {
            let from = from.index(range);
            let piece = bytes[from..(from + n).min(bytes.len())].to_vec();
            let to = to.index(range);
            let end = (to + piece.len()).min(bytes.len());
            bytes[to..end].copy_from_slice(&piece[..end - to]);
        }
        Damage::Length(length) => {
            let end = bytes.len().min(8);
            bytes[..end].copy_from_slice(&length.to_le_bytes()[..end]);
        }
        Damage::Cut(i) => bytes.truncate(i.index(range)),
        Damage::Reword(from, to) => {
            if let Some(at) = bytes.windows(from.len()).position(|w| w == from.as_bytes()) {
                bytes[at..at + from.len()].copy_from_slice(to.as_bytes());
            }
        }
    }
}

proptest! {
    #![proptest_config(cases(4096))]

    #[test]
    fn a_spoiled_file_is_a_network_or_a_sentence(damages in prop::collection::vec((damage(), any::<bool>()), 1..4)) {
        let mut bytes = NETWORK.to_vec();
        for (damage, header_only) in &damages {
            spoil(&mut bytes, damage, *header_only);
        }
        match Network::from_safetensors(&bytes) {
            // Whatever is read is whole: it evaluates, and is written and read back.
            Ok(network) => {
                let value = network.evaluate(Vector2::new(0.1, 0.2), 0.5);
                prop_assert!(value.log_density.is_finite() && value.score.iter().all(|s| s.is_finite()), "{value:?}");
                prop_assert_eq!(Network::from_safetensors(&network.to_safetensors()), Ok(network));
            }
            Err(error) => {
                let sentence = error.to_string();
                prop_assert_eq!(error.code(), "weights");
                prop_assert!(sentence.contains("in the weights file: expected ") && sentence.ends_with('.'), "{}", sentence);
                prop_assert!(sentence.len() < 400, "{}", sentence);
            }
        }
    }
}

//! Guidance of pictures: the papers' numbers (tests/reference/images_rules.py), identities, and closed forms where a prompt allows
//! one picture or two.

use crate::images::WORLD;
use crate::rules::{self, every_rule, papers_form};
use guidance_playground::guidance::rule::{Carries, Moment, Place, Rule};
use guidance_playground::guidance::{self, Combination, Guide, Space};
use guidance_playground::images::rules::{Data, Estimates, LOW, at_level, guided_tile, low, rescaling};
use guidance_playground::images::{self, network::TILE_PICTURES};
use guidance_playground::images::{Bands, Cads, Exact, Finish, NUMBERS, Negative, Scheme};
use guidance_playground::plan::Plan;
use guidance_playground::sampling::{NoiseLevels, Solver};
use nalgebra::DVector;
use serde::Deserialize;
use std::sync::LazyLock;

/// By the scheme's own rule.
fn guided(
    scheme: &Scheme,
    data: &Data,
    moment: Moment<f64>,
    estimates: &Estimates<'_>,
    memory: &mut [f64],
) -> Vec<f64> {
    images::rules::guided(Rule::from(&scheme.guidance.combination), scheme, data, &mut { moment }, estimates, memory)
}

#[derive(Deserialize)]
struct Case {
    scheme: Scheme,
    sigma: f64,
    guided: Vec<f64>,
}

#[derive(Deserialize)]
struct Vector {
    cads: Cads,
    u: f64,
    told: Vec<f64>,
}

#[derive(Deserialize)]
struct Reference {
    cases: Vec<Case>,
    low: Vec<f64>,
    vectors: Vec<Vector>,
}

static REFERENCE: LazyLock<Reference> =
    LazyLock::new(|| serde_json::from_str(include_str!("../data/images-rules.json")).unwrap());

const DATA: Data = Data { mean: [0.7355, 0.6995, 0.651], deviation: 0.5175 };

fn wave(count: usize, size: f64, fast: f64, faster: f64, above: f64) -> Vec<f64> {
    let at = |i: usize| {
        let i = i as f64;
        above + size * (fast * i + faster * i * i).sin()
    };
    (0..count).map(at).collect()
}

/// What models say, as the script has it.
struct Said {
    x: Vec<f64>,
    main: Vec<f64>,
    guide: Vec<f64>,
    unwanted: [Vec<f64>; 2],
}

impl Said {
    fn at(sigma: f64) -> Self {
        let main = wave(NUMBERS, 0.9, 0.013, 0.0003, 0.2);
        let noise = wave(NUMBERS, 1.4, 0.37, 0.0011, 0.0);
        Self {
            x: main.iter().zip(noise).map(|(d, n)| d + sigma * n).collect(),
            main,
            guide: wave(NUMBERS, 0.7, 0.011, 0.00031, 0.0),
            unwanted: [wave(NUMBERS, 0.8, 0.017, 0.0002, 0.0), wave(NUMBERS, 0.6, 0.41, 0.0007, 0.0)],
        }
    }

    fn guided(&self, scheme: &Scheme, sigma: f64) -> Vec<f64> {
        let negatives: Vec<_> =
            scheme.negatives.iter().zip(&self.unwanted).map(|(negative, said)| (negative.weight, &**said)).collect();
        let Self { x, main, guide, .. } = self;
        let estimates = Estimates { x, main, guide, negatives: &negatives };
        guided(scheme, &DATA, moment(scheme.guidance.weight, sigma), &estimates, &mut vec![0.0; NUMBERS])
    }
}

fn moment(weight: f64, sigma: f64) -> Moment<f64> {
    Moment { sigma, weight, place: Place::Beginning, ratio: 0.0 }
}

/// A scheme of this weight with a guide.
fn cfg(weight: f64) -> Scheme {
    let guidance = guidance::Scheme { guide: Some(Guide::new("exact", 1.0)), weight, ..Scheme::default().guidance };
    Scheme { guidance, ..Scheme::default() }
}

fn farthest(a: &[f64], b: &[f64]) -> f64 {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
}

#[test]
fn guided_estimates_are_the_papers() {
    for Case { scheme, sigma, guided } in &REFERENCE.cases {
        scheme.validate().unwrap();
        let found: Vec<f64> = Said::at(*sigma).guided(scheme, *sigma).into_iter().step_by(307).collect();
        assert!(farthest(&found, guided) < 1e-10 * (1.0 + sigma), "{scheme:?} at {sigma}: {found:?}");
    }
}

/// In f32, sixteen pictures side by side, each with numbers of its own.
#[test]
fn tiles_are_the_definition() {
    let tile = |of: &dyn Fn(f64) -> Vec<f64>| -> Vec<f32> {
        let all: Vec<_> = (0..TILE_PICTURES).map(|lane| of(0.5 + 0.06 * lane as f64)).collect();
        (0..NUMBERS * TILE_PICTURES).map(|i| all[i % TILE_PICTURES][i / TILE_PICTURES] as f32).collect()
    };
    let picture =
        |of: &[f32], lane: usize| of[lane..].iter().step_by(TILE_PICTURES).map(|v| f64::from(*v)).collect::<Vec<_>>();
    let finishes = [Finish::None, Finish::Rescale { share: 0.7 }];
    for (rule, finish) in every_rule().into_iter().flat_map(|rule| finishes.map(|finish| (rule.clone(), finish))) {
        for (sigma, weight, place) in [
            (0.05, 3.0, Place::First),
            (0.7, 1.0, Place::Beginning),
            (20.0, 2.5, Place::Second),
            (2.0, 2.0, Place::First),
        ] {
            let scaled =
                |of: fn(Said) -> Vec<f64>| tile(&|scale| of(Said::at(sigma)).into_iter().map(|v| scale * v).collect());
            let [x, main] = [scaled(|said| said.x), scaled(|said| said.main)];
            let [guide, unwanted] = [scaled(|said| said.guide), scaled(|said| said.unwanted[0].clone())];
            let mut memory = tile(&|scale| wave(NUMBERS, 0.1 * scale, 0.3, 0.0, 0.0));
            let mut moments = std::array::from_fn(|lane| {
                let ratio = 0.1 * lane as f64 - 0.7;
                Moment { sigma, weight, place, ratio }
            });
            let guidance = guidance::Scheme { combination: rule.clone(), ..cfg(weight).guidance };
            let scheme = Scheme { guidance, finish, ..Scheme::default() };
            let before = memory.clone();
            let mut out = x.clone();
            let estimates = Estimates { x: &x, main: &main, guide: &guide, negatives: &[(1.5, &unwanted)] };
            guided_tile(
                Rule::from(&scheme.guidance.combination),
                &scheme,
                &DATA,
                &mut moments,
                &estimates,
                &mut memory,
                &mut out,
            );
            for lane in [0, 7, 15] {
                let [x, main, guide, unwanted, mut remembered] =
                    [&x, &main, &guide, &unwanted, &before].map(|of| picture(of, lane));
                let estimates = Estimates { x: &x, main: &main, guide: &guide, negatives: &[(1.5, &unwanted)] };
                let expected = guided(&scheme, &DATA, moments[lane], &estimates, &mut remembered);
                for (found, expected) in [(&out, &expected), (&memory, &remembered)] {
                    let size = expected.iter().fold(1.0, |most, v| v.abs().max(most));
                    let error = farthest(&picture(found, lane), expected) / size;
                    assert!(error < 1e-5, "{rule:?} {finish:?} {sigma} {lane}: {error:e}");
                }
            }
        }
    }
}

#[test]
fn every_rule_of_the_plane_guides_pictures() {
    for rule in every_rule() {
        let sigma = 0.7;
        let Said { x, main, guide, .. } = Said::at(sigma);
        for memory in [None, Some(wave(NUMBERS, 0.1, 0.3, 0.0, 0.0))] {
            let place = if memory.is_some() { Place::First } else { Place::Beginning };
            let ratio = -0.7;
            let vector = |of: &[f64]| DVector::from_row_slice(of);
            let [x_, main_, guide_] = [&x, &main, &guide].map(|of| vector(of));
            let memory_ = memory.as_deref().map(vector);
            let asked = rules::Asked { x: x_, sigma, weight: 3.0, main: main_, guide: guide_, memory: memory_, ratio };
            let (expected, next) = papers_form(&rule, &asked);
            let mut scheme = cfg(3.0);
            scheme.guidance.combination = rule.clone();
            let mut memory = memory.unwrap_or_else(|| vec![0.0; NUMBERS]);
            let estimates = Estimates { x: &x, main: &main, guide: &guide, negatives: &[] };
            let moment = Moment { sigma, weight: 3.0, place, ratio };
            let found = guided(&scheme, &DATA, moment, &estimates, &mut memory);
            assert!(farthest(&found, expected.as_slice()) < 1e-11, "{rule:?}");
            if rule.traits().carries == Carries::Vector {
                assert!(farthest(&memory, next.as_slice()) < 1e-12, "{rule:?}");
            }
        }
    }
}

#[test]
fn the_low_band_is_that_of_a_pyramid() {
    let main = wave(NUMBERS, 0.9, 0.013, 0.0003, 0.2);
    let found: Vec<f64> = low(&main).into_iter().step_by(61).collect();
    assert!(farthest(&found, &REFERENCE.low) < 1e-13);
    // A flat picture is all of the low band.
    assert!(LOW.iter().all(|row| (row.iter().sum::<f64>() - 1.0).abs() < 1e-14));
    // Stripes of single pixels are all of the high band away from the edges: the blur takes them away.
    let stripes: Vec<f64> = (0..NUMBERS).map(|i| if i / 3 % 2 == 0 { 1.0 } else { -1.0 }).collect();
    assert!(low(&stripes).iter().all(|v| v.abs() < 1e-14));
}

#[test]
fn what_changes_nothing_is_plain_guidance() {
    let said = Said::at(0.7);
    let plain = |weight: f64| -> Vec<f64> {
        said.main.iter().zip(&said.guide).map(|(main, guide)| guide + weight * (main - guide)).collect()
    };
    let with = |weight: f64, change: &dyn Fn(&mut Scheme)| {
        let mut scheme = cfg(weight);
        change(&mut scheme);
        said.guided(&scheme, 0.7)
    };
    assert!(farthest(&with(3.0, &|_| {}), &plain(3.0)) < 1e-14);
    assert!(farthest(&with(3.0, &|scheme| scheme.finish = Finish::Rescale { share: 0.0 }), &plain(3.0)) < 1e-14);
    // Bands with the same factor are guidance with as much of the excess.
    let equal = |factor: f64| with(3.0, &|scheme| scheme.bands = Some(Bands { high: factor, low: factor }));
    for (factor, weight) in [(1.0, 3.0), (0.0, 1.0), (2.5, 6.0)] {
        assert!(farthest(&equal(factor), &plain(weight)) < 1e-13);
    }
    // Each is what the other is short of the whole.
    let bands = |high, low| with(3.0, &|scheme| scheme.bands = Some(Bands { high, low }));
    let both = bands(1.0, 0.0).into_iter().zip(bands(0.0, 1.0)).zip(&said.main).map(|((high, low), d)| high + low - d);
    assert!(farthest(&both.collect::<Vec<_>>(), &plain(3.0)) < 1e-14);
    let unwanted = |weight: f64| vec![Negative { prompt: "night".to_owned(), weight }];
    assert!(farthest(&with(3.0, &|scheme| scheme.negatives = unwanted(0.0)), &plain(3.0)) < 1e-14);
    // At weight 1 there is nothing that a rule adds, or whose contrast has changed.
    let all = with(1.0, &|scheme| {
        scheme.bands = Some(Bands { high: 3.0, low: 0.5 });
        scheme.finish = Finish::Rescale { share: 1.0 };
    });
    assert!(farthest(&all, &said.main) < 1e-14);
    // What is remembered then stays, as on the plane.
    let mut scheme = Scheme { finish: Finish::Threshold { quantile: 0.995 }, ..cfg(1.0) };
    scheme.guidance.combination = Combination::Apg { momentum: -0.5, parallel: 0.0, radius: 0.3 };
    let estimates = Estimates { x: &said.x, main: &said.main, guide: &said.main, negatives: &[] };
    let mut memory = said.guide.clone();
    guided(&scheme, &DATA, Moment { place: Place::First, ..moment(1.0, 0.7) }, &estimates, &mut memory);
    assert_eq!(memory, said.guide);
}

/// With share 1 the estimate has the contrast of the main model's v, and its mean is scaled as much.
#[test]
fn rescaling_keeps_the_contrast() {
    for sigma in [0.05, 0.7, 20.0] {
        let said = Said::at(sigma);
        let kept = DATA.deviation.powi(2) / (DATA.deviation.powi(2) + sigma * sigma);
        let spread = |of: &[f64]| {
            let v: Vec<f64> = of.iter().zip(&said.x).map(|(d, x)| kept * x - d).collect();
            let mean = v.iter().sum::<f64>() / v.len() as f64;
            (v.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / v.len() as f64).sqrt()
        };
        let main = spread(&said.main);
        let at = |share| spread(&said.guided(&Scheme { finish: Finish::Rescale { share }, ..cfg(8.0) }, sigma));
        assert!((at(1.0) / main - 1.0).abs() < 1e-12, "{sigma}");
        assert!((at(0.7) - (0.7 * main + 0.3 * at(0.0))).abs() < 1e-12 && at(0.0) > 1.5 * main, "{sigma}");
    }
    // Flat estimates have no contrast to be given another.
    assert_eq!(rescaling(0.7, 4.0, [1.0, 3.0, 8.0, 16.0]), 1.0);
    assert_eq!(rescaling(1.0, 2.0f32, [0.0, 8.0, 0.0, 2.0]), 2.0);
}

#[test]
fn thresholds_leave_alone_what_is_within_its_range() {
    let colours = |of: &[f64]| -> Vec<f64> {
        of.iter().enumerate().map(|(i, d)| 2.0 * (0.5 * d + DATA.mean[i % 3]) - 1.0).collect()
    };
    let within = |of: &[f64]| colours(of).iter().all(|colour| colour.abs() <= 1.0 + 1e-12);
    let threshold = |main: Vec<f64>, quantile| {
        let said = Said { guide: main.clone(), main, ..Said::at(0.7) };
        said.guided(&Scheme { finish: Finish::Threshold { quantile }, ..cfg(1.0) }, 0.7)
    };
    for quantile in [0.0, 0.5, 0.995, 1.0] {
        // A real picture, from black to white.
        let picture: Vec<f64> = (0..NUMBERS).map(|i| ((i % 97) as f64 / 96.0 - DATA.mean[i % 3]) / 0.5).collect();
        assert!(within(&picture));
        assert_eq!(threshold(picture.clone(), quantile), picture);
        let mut burnt = picture.clone();
        burnt.iter_mut().for_each(|d| *d *= 3.0);
        assert!(!within(&burnt) && within(&threshold(burnt, quantile)));
        // Where fewer are outside than the quantile leaves, these are cut and all others stay as they are.
        let mut spotted = picture.clone();
        spotted[5] = 40.0;
        let finished = threshold(spotted, quantile);
        let others = (0..NUMBERS).filter(|&i| i != 5 && finished[i] != picture[i]).count();
        assert_eq!(others == 0, quantile < 1.0, "{quantile}");
        assert!((colours(&finished)[5] - 1.0).abs() < 1e-12);
    }
}

#[test]
fn prompts_become_known_as_the_paper_has_it() {
    let (prompt, normals) = (wave(256, 1.3, 0.7, 0.003, 0.05), wave(256, 1.4, 0.37, 0.0011, 0.0));
    for Vector { cads, u, told } in &REFERENCE.vectors {
        let found: Vec<f64> = cads.annealed(*u, &prompt, &normals).into_iter().step_by(23).collect();
        assert!(farthest(&found, told) < 1e-12, "{cads:?} {u}");
    }
    let cads = Cads { begin: 0.1, end: 0.4, strength: 0.25, mix: 1.0 };
    assert_eq!([0.0, 0.1, 0.4, 1.0].map(|u| cads.known(u)), [0.0, 0.0, 1.0, 1.0]);
    assert!((cads.known(0.25) - 0.5).abs() < 1e-15);
    let moments = |of: &[f64]| {
        let mean = of.iter().sum::<f64>() / 256.0;
        [mean, of.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / 256.0]
    };
    for u in [0.0, 0.1, 0.2, 0.3, 0.4, 0.7] {
        // Without noise nothing happens, and mean and spread stay with it.
        let silent = Cads { strength: 0.0, ..cads }.annealed(u, &prompt, &normals);
        assert!(farthest(&silent, &prompt) < 1e-14, "{u}");
        assert!(farthest(&moments(&cads.annealed(u, &prompt, &normals)), &moments(&prompt)) < 1e-14, "{u}");
    }
    assert_eq!(cads.annealed(0.4, &prompt, &normals), prompt);
}

/// A noisy picture: `from` with noise whose root mean square is 1, sigma times.
fn noisy(from: &[f64], sigma: f64) -> Vec<f64> {
    from.iter().zip(wave(NUMBERS, 2f64.sqrt(), 0.37, 0.0011, 0.0)).map(|(d, n)| d + sigma * n).collect()
}

fn exact(prompt: &str, pictures: usize) -> Exact<'static> {
    let exact = Exact::new(&WORLD, WORLD.read(prompt).unwrap().prompt).unwrap();
    assert_eq!(exact.pictures(), pictures);
    exact
}

fn world() -> Data {
    Data { mean: WORLD.mean(), deviation: WORLD.deviation() }
}

/// Of one picture all models know the same: whatever guides, that is the guided estimate, but where scores of another noise level
/// are mixed.
#[test]
fn one_picture_stays_as_it_is() {
    let one = exact("noto cat riding horse on a sky background", 1);
    let (picture, _) = one.nearest(&vec![0.0; NUMBERS]);
    let target = WORLD.data(picture).unwrap();
    for sigma in [0.05, 3.0, 40.0] {
        let x = noisy(&target, sigma);
        let main = one.evaluate(&x, sigma).denoised;
        assert!(farthest(&main, &target) < 1e-12);
        for (space, share) in
            [(Space::Score, 1.0 - 1.0 / 1.96), (Space::Epsilon, 1.0 - 1.0 / 1.4), (Space::Denoised, 0.0)]
        {
            let guide = at_level(&x, &one.evaluate(&x, 1.4 * sigma).denoised, 1.4, space);
            let estimates = Estimates { x: &x, main: &main, guide: &guide, negatives: &[(2.0, &main)] };
            // (w - 1) for the guide and 2 for the negative prompt, which is the same picture.
            let found = guided(&cfg(4.0), &world(), moment(4.0, sigma), &estimates, &mut vec![0.0; NUMBERS]);
            let expected: Vec<f64> = target.iter().zip(&x).map(|(t, x)| t + (3.0 - 2.0) * share * (t - x)).collect();
            assert!(farthest(&found, &expected) < 1e-11 * (1.0 + sigma), "{space:?} {sigma}");
        }
        let estimates = Estimates { x: &x, main: &main, guide: &main, negatives: &[(2.0, &main)] };
        // Those that scale the score pull as if of another noise level, too.
        let scales = |rule: &Combination| matches!(rule, Combination::Tsr { .. } | Combination::EpsilonScaling { .. });
        for rule in every_rule().into_iter().filter(|rule| !scales(rule)) {
            for finish in [Finish::None, Finish::Rescale { share: 1.0 }, Finish::Threshold { quantile: 0.9 }] {
                let mut scheme = Scheme { bands: Some(Bands { high: 2.0, low: 0.4 }), finish, ..cfg(8.0) };
                scheme.guidance.combination = rule.clone();
                let found = guided(&scheme, &world(), moment(8.0, sigma), &estimates, &mut vec![0.0; NUMBERS]);
                assert!(farthest(&found, &target) < 1e-11 * (1.0 + sigma), "{rule:?} {finish:?} {sigma}");
            }
        }
    }
}

/// Sampled by Euler's steps, what is left of the noise is as known: the product of 1 - c (1 - sigma+/sigma), which tends to
/// (sigma_min/sigma_max)^c, with c = 1 + (w - 1)(1 - 1/k^2) where scores are mixed, and c = 1 where denoised estimates are.
#[test]
fn scores_of_one_picture_are_followed_faster() {
    let one = exact("noto cat riding horse on a sky background", 1);
    let (picture, _) = one.nearest(&vec![0.0; NUMBERS]);
    let target = WORLD.data(picture).unwrap();
    for (space, c) in [(Space::Score, 1.0 + 0.2 * (1.0 - 1.0 / 1.96)), (Space::Denoised, 1.0)] {
        let mut scheme = cfg(1.2);
        scheme.guidance.guide = Some(Guide::new("exact", 1.4));
        scheme.guidance = guidance::Scheme { space, solver: Solver::Euler, ..scheme.guidance };
        scheme.guidance.levels = NoiseLevels { steps: 256, ..scheme.guidance.levels };
        scheme.validate().unwrap();
        let plan = Plan::new(&scheme.guidance).unwrap();
        let mut x = noisy(&target, plan.sigmas[0]);
        let before = x[777] - target[777];
        let (mut memory, mut left) = (vec![0.0; NUMBERS], 1.0);
        for i in 0..plan.steps() - 1 {
            let (step, sigma) = (plan.rows[i].step, plan.sigmas[i]);
            let main = one.evaluate(&x, sigma).denoised;
            let guide = at_level(&x, &one.evaluate(&x, plan.sigma_scale * sigma).denoised, plan.sigma_scale, space);
            let estimates = Estimates { x: &x, main: &main, guide: &guide, negatives: &[] };
            let denoised = guided(&scheme, &world(), plan.moment(i, 0, 0.0), &estimates, &mut memory);
            let moved = |(x, d): (&f64, f64)| step.keep * x + step.push * (d - x) / (sigma * sigma);
            x = x.iter().zip(denoised).map(moved).collect();
            left *= 1.0 - c * (1.0 - plan.sigmas[i + 1] / sigma);
        }
        let found = (x[777] - target[777]) / before;
        assert!((found / left - 1.0).abs() < 1e-9, "{space:?}: {found} {left}");
        let limit = (plan.sigmas[255] / plan.sigmas[0]).powf(c);
        assert!((found / limit - 1.0).abs() < 0.02, "{space:?}: {found} {limit}");
    }
}

/// Two pictures, m + h and m - h: D = m + h tanh(h.(x - m)/sigma^2 + b). Denoised estimates differ along h alone; scores differ in
/// all of the noise.
#[test]
fn two_pictures_are_told_apart_in_closed_form() {
    let two = exact("noto rocket on a sky background", 2);
    let prompt = WORLD.read("noto rocket on a sky background").unwrap().prompt;
    let both: Vec<_> = WORLD.pictures().filter(|(picture, _)| prompt.allows(*picture)).collect();
    let [one, other] = [0, 1].map(|i| DVector::from_vec(WORLD.data(both[i].0).unwrap()));
    let (middle, h) = (0.5 * (&one + &other), 0.5 * (one - other));
    let bias = 0.5 * (both[0].1 / both[1].1).ln();
    let (w, k) = (3.0, 1.4f64);
    for sigma in [2.0, 8.0, 20.0] {
        let x = DVector::from_vec(noisy((&middle + 0.1 * &h).as_slice(), sigma));
        let from = &x - &middle;
        let known = |sigma: f64| &middle + (h.dot(&from) / (sigma * sigma) + bias).tanh() * &h;
        let main = two.evaluate(x.as_slice(), sigma).denoised;
        let told = two.evaluate(x.as_slice(), k * sigma).denoised;
        assert!(
            farthest(&main, known(sigma).as_slice()) < 1e-10 && farthest(&told, known(k * sigma).as_slice()) < 1e-10
        );
        let across = |vector: &DVector<f64>| (vector - vector.dot(&h) / h.norm_squared() * &h).norm();
        let push = |space| {
            let guide = at_level(x.as_slice(), &told, k, space);
            let estimates = Estimates { x: x.as_slice(), main: &main, guide: &guide, negatives: &[] };
            let found = guided(&cfg(w), &world(), moment(w, sigma), &estimates, &mut vec![0.0; NUMBERS]);
            DVector::from_vec(found) - known(sigma)
        };
        let (denoised, score) = (push(Space::Denoised), push(Space::Score));
        assert!((&denoised - (w - 1.0) * (known(sigma) - known(k * sigma))).norm() < 1e-9);
        assert!(across(&denoised) < 1e-9 && denoised.norm() < 2.0 * (w - 1.0) * h.norm());
        let s0 = (known(k * sigma) - &x) / (k * k * sigma * sigma);
        let s1 = (known(sigma) - &x) / (sigma * sigma);
        assert!((&score - (w - 1.0) * sigma * sigma * (s1 - s0)).norm() < 1e-8);
        assert!((across(&score) - (w - 1.0) * (1.0 - 1.0 / (k * k)) * across(&from)).abs() < 1e-8);
        // Nearly all of it is the noise's, sigma sqrt(3072).
        let noise = (1.0 - 1.0 / (k * k)) * sigma * (NUMBERS as f64).sqrt();
        assert!((across(&score) / ((w - 1.0) * noise) - 1.0).abs() < 0.05, "{sigma}");
        assert!(sigma < 20.0 || (noise - 540.0).abs() < 5.0 && (5.0..20.0).contains(&h.norm()), "{}", h.norm());
    }
}

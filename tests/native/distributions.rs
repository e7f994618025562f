//! The distributions that have names: where they are, that densities and scores go together, and how they are sampled.

use crate::sampler::scheme;
use guidance_playground::guidance::Scheme;
use guidance_playground::plane::Models;
use guidance_playground::plane::catalogue::{self, network_names, network_of};
use guidance_playground::plane::distribution::{Classes, Component, Distribution, Mixture, tree};
use guidance_playground::plane::engine::cpu::Sampler;
use guidance_playground::plane::engine::{RunConfig, View};
use guidance_playground::plane::metrics::Evaluator;
use guidance_playground::plane::network::Network;
use guidance_playground::plane::starts;
use guidance_playground::random::Stream;
use nalgebra::{Matrix2, Vector2};
use proptest::prelude::*;
use std::f64::consts::{PI, TAU};
use std::sync::{Arc, LazyLock};

const TOYS: [Distribution; 5] = [
    Distribution::TwoMoons,
    Distribution::TwoRings,
    Distribution::TwoSpirals,
    Distribution::Checkerboard,
    Distribution::EightGaussians,
];

/// What the toys stand around.
const CENTRE: Vector2<f64> = Vector2::new(0.3, 0.3);

/// Means of a class, from there.
fn means(distribution: Distribution, class: u8) -> Vec<Vector2<f64>> {
    let mixture = distribution.mixture();
    mixture.components().iter().filter(|c| c.class == class).map(|c| c.mean - CENTRE).collect()
}

/// That means are where the curve is and, in their order, evenly along it.
fn check_curve(means: &[Vector2<f64>], length: f64, curve: impl Fn(f64) -> Vector2<f64>) {
    let fine: Vec<_> = (0..=20_000).map(|i| curve(f64::from(i) / 20_000.0)).collect();
    let lengths: Vec<f64> = std::iter::once(0.0)
        .chain(fine.windows(2).scan(0.0, |sum, pair| {
            *sum += (pair[1] - pair[0]).norm();
            Some(*sum)
        }))
        .collect();
    let whole = lengths[lengths.len() - 1];
    assert!((whole - length).abs() < 1e-3 * length, "{whole}, not {length}");
    for (i, mean) in means.iter().enumerate() {
        let (nearest, away) =
            (0..fine.len()).map(|j| (j, (fine[j] - mean).norm())).min_by(|a, b| a.1.total_cmp(&b.1)).unwrap();
        assert!(away < 1e-3, "component {i} is {away} from the curve");
        let expected = (i as f64 + 0.5) / means.len() as f64 * whole;
        assert!((lengths[nearest] - expected).abs() < 1e-3, "component {i}: {}, not {expected}", lengths[nearest]);
    }
}

#[test]
fn moons_are_scikit_learns() {
    // make_moons: (cos, sin) and (1 - cos, 1 - sin - 0.5), about (0.5, 0.25), times 0.66.
    let seen = |x: f64, y: f64| 0.66 * Vector2::new(x - 0.5, y - 0.25);
    let [a, b] = [0, 1].map(|class| means(Distribution::TwoMoons, class));
    check_curve(&a, 0.66 * PI, |t| seen((PI * t).cos(), (PI * t).sin()));
    check_curve(&b, 0.66 * PI, |t| seen(1.0 - (PI * t).cos(), 1.0 - (PI * t).sin() - 0.5));
}

#[test]
fn rings_are_circles() {
    for (class, radius) in [(0, 0.45), (1, 0.9)] {
        let found = means(Distribution::TwoRings, class);
        assert!(found.iter().all(|m| (m.norm() - radius).abs() < 1e-12));
        check_curve(&found, TAU * radius, |t| radius * Vector2::new((TAU * t).cos(), (TAU * t).sin()));
    }
}

#[test]
fn spirals_wind_evenly_and_are_half_a_turn_apart() {
    let [a, b] = [0, 1].map(|class| means(Distribution::TwoSpirals, class));
    assert!(a.iter().zip(&b).all(|(a, b)| (a + b).norm() < 1e-12));
    let steps: Vec<f64> = a.windows(2).map(|pair| (pair[1] - pair[0]).norm()).collect();
    let (least, most) = steps.iter().fold((f64::MAX, 0.0f64), |(least, most), &s| (least.min(s), most.max(s)));
    // Chords fall short of arcs where the arm is bent most.
    assert!(least > 0.97 * most, "{least} {most}");
    assert!(a.windows(2).all(|pair| pair[0].norm() < pair[1].norm()), "outwards all the way");
    let turned: f64 = a.windows(2).map(|pair| pair[0].perp(&pair[1]).atan2(pair[0].dot(&pair[1]))).sum();
    assert!((turned / TAU - 1.5).abs() < 0.03, "{turned}");
    // Twice as far apart as five standard deviations, but for the ends within.
    let nearest = |m: &Vector2<f64>| b.iter().map(|other| (m - other).norm()).fold(f64::MAX, f64::min);
    assert!(a.iter().skip(16).all(|m| nearest(m) > 0.25));
}

#[test]
fn boards_have_their_colours() {
    for class in 0..2u8 {
        let found = means(Distribution::Checkerboard, class);
        let mut counts = [[0; 4]; 4];
        for m in &found {
            let [column, row] = [m.x, m.y].map(|v| ((v + 1.0) / 0.5).floor());
            assert!((0.0..4.0).contains(&column) && (0.0..4.0).contains(&row));
            assert_eq!((column as u8 + row as u8) % 2, class, "{m}");
            counts[row as usize][column as usize] += 1;
        }
        assert_eq!(counts.iter().flatten().filter(|&&count| count == 64).count(), 8);
        assert_eq!(found.len(), 512);
    }
    // Even within a square, and none between those of the other class.
    let a = Distribution::Checkerboard.mixture().part(|c| c.class == 0).unwrap();
    let at = |x: f64, y: f64| a.density(Vector2::new(0.3 + x, 0.3 + y), 0.0);
    let inside = [at(-0.75, -0.75), at(-0.68, -0.85), at(-0.85, -0.68), at(0.25, -0.75), at(-0.25, 0.75)];
    // Eight squares of a quarter.
    assert!(inside.iter().all(|p| (p - 0.5).abs() < 0.03), "{inside:?}");
    assert!(at(-0.25, -0.75) < 0.01);
}

#[test]
fn gaussians_stand_on_a_circle_in_turn() {
    let mut all: Vec<(f64, u8)> = (0..2)
        .flat_map(|class| means(Distribution::EightGaussians, class).into_iter().map(move |m| (m, class)))
        .map(|(m, class)| {
            assert!((m.norm() - 0.8).abs() < 1e-12);
            (m.y.atan2(m.x), class)
        })
        .collect();
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    assert_eq!(all.len(), 8);
    assert!(all.windows(2).all(|pair| (pair[1].0 - pair[0].0 - PI / 4.0).abs() < 1e-9 && pair[0].1 != pair[1].1));
}

#[test]
fn toys_stand_where_they_are_seen() {
    for distribution in TOYS {
        let mixture = distribution.mixture();
        let mass: f64 = mixture.components().iter().filter(|c| c.class == 0).map(|c| c.weight).sum();
        assert!((mass - 0.5).abs() < 1e-12, "{distribution}: {mass}");
        let mean: Vector2<f64> = mixture.components().iter().map(|c| c.weight * c.mean).sum();
        assert!((mean - Vector2::new(0.3, 0.3)).norm() < 1e-9, "{distribution}: {mean}");
        let variance = mixture.components().iter().map(|c| c.weight * (c.mean - mean).norm_squared()).sum::<f64>();
        // Of a coordinate; the tree's is .52.
        let spread = (0.5 * variance).sqrt();
        assert!((0.4..0.62).contains(&spread), "{distribution}: {spread}");
        let extent = mixture.components().iter().map(|c| (c.mean - mean).amax()).fold(0.0, f64::max);
        assert!((0.8..1.0).contains(&extent), "{distribution}: {extent}");

        // Branches count through both classes, those of a class have the same mass, and a stroke is eight.
        let mut labels: Vec<(u8, u16)> = mixture.components().iter().map(|c| (c.class, c.branch)).collect();
        let stroke = if distribution == Distribution::EightGaussians { 1 } else { 8 };
        assert!(labels.chunks(stroke).all(|one| one.iter().all(|label| *label == one[0])));
        labels.dedup();
        assert!(labels.iter().enumerate().all(|(i, label)| usize::from(label.1) == i) && labels.is_sorted());
        assert_eq!(labels.len(), mixture.branches());
        let masses = mixture.branch_masses();
        for class in 0..2 {
            let own: Vec<f64> = labels.iter().filter(|l| l.0 == class).map(|l| masses[usize::from(l.1)]).collect();
            assert!(own.iter().all(|m| (m * own.len() as f64 - 0.5).abs() < 1e-12), "{distribution}");
        }
        assert_eq!(distribution.depth(0), None);
    }
    assert_eq!(Distribution::Tree { seed: 9 }.depth(3), Some(tree::depth(3)));
}

#[test]
fn skeletons_of_toys_reach_from_stroke_to_stroke() {
    for (distribution, branches) in [(Distribution::TwoMoons, 8), (Distribution::Checkerboard, 64)] {
        let skeleton = tree::skeleton(Models::over(distribution.clone()).mixture(Classes::A));
        assert_eq!(skeleton.len(), branches);
        let joined = |pair: &[[Vector2<f64>; 2]]| (pair[0][1] - pair[1][0]).norm() < 0.02;
        let joints = skeleton.windows(2).filter(|pair| joined(pair)).count();
        assert_eq!(joints, if distribution == Distribution::TwoMoons { 7 } else { 0 });
    }
    let models = Models::over(Distribution::EightGaussians);
    let points: Vec<_> = models.mixture(Classes::A).components().iter().map(|c| [c.mean; 2]).collect();
    assert_eq!(tree::skeleton(models.mixture(Classes::A)), points);
}

#[test]
fn names_are_read_as_they_are_written() {
    for row in catalogue::distributions() {
        let distribution: Distribution = row.id.parse().unwrap();
        assert_eq!(distribution.to_string(), row.id);
    }
    assert_eq!(catalogue::distributions().len(), TOYS.len() + 1);
    for (name, seed) in [("tree-0", 0), ("tree-2", 2), ("tree-17", 17), ("tree-4294967295", u32::MAX)] {
        assert_eq!(name.parse(), Ok(Distribution::Tree { seed }));
        assert_eq!(Distribution::Tree { seed }.to_string(), name);
    }
    assert_eq!(Distribution::default(), Distribution::Tree { seed: tree::PAPER_SEED });
    for name in [
        "",
        "tree",
        "tree-",
        "tree-02",
        "tree-00",
        "tree-+2",
        "tree--1",
        "tree-4294967296",
        "tree-2 ",
        " tree-2",
        "tree-2.0",
        "Tree-2",
        "two-Moons",
        "two-moons-2",
        "moons",
        "tree-٢",
    ] {
        let error = name.parse::<Distribution>().unwrap_err();
        assert_eq!(error.code(), "invalid");
        let words = error.to_string();
        assert!(words.contains(&format!("it is \"{name}\"")) && words.contains("two-moons"), "{words}");
    }
}

/// A network whose file says what it learned, or nothing.
fn network(data: Option<&str>) -> Network {
    let file: &[u8] = include_bytes!("../data/network-16.safetensors");
    let Some(data) = data else { return Network::from_safetensors(file).unwrap() };
    let (length, rest) = file.split_first_chunk().unwrap();
    let (header, numbers) = rest.split_at(u64::from_le_bytes(*length) as usize);
    let mut header: serde_json::Value = serde_json::from_slice(header).unwrap();
    header["__metadata__"] = serde_json::json!({ "format": "pt", "data": data, "condition": "A" });
    let header = serde_json::to_vec(&header).unwrap();
    Network::from_safetensors(&[&(header.len() as u64).to_le_bytes()[..], &header, numbers].concat()).unwrap()
}

#[test]
fn networks_are_refused_off_the_data_that_their_files_name() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("weights");
    for distribution in TOYS.into_iter().chain([Distribution::Tree { seed: 17 }]) {
        let mut models = Models::over(distribution.clone());
        assert_eq!(*models.distribution(), distribution);
        let id = distribution.to_string();
        models.add("mine", network(Some(&id)));
        models.add("main-64-0256:A", network(Some(&id)));
        models.add("silent", network(None));
        models.add("another's", network(Some("my-photos")));
        let refused = |models: &Models, name: &str| {
            assert!(models.has(&name.into()) && models.get(&name.into()).is_err());
            for refused in [scheme(name, None, 1.0), scheme("mine", Some((name, 1.0)), 2.0)] {
                let error = models.of(&refused).err().unwrap();
                assert_eq!(error.code(), "other-data");
                let words = [error.to_string(), error.advice().to_owned()];
                let [sentence, advice] = words.map(|text| text.replace(&id, "IT"));
                let (known, expected) = match name {
                    "silent" => (
                        "does not say what it was trained on, is taken as of the paper's tree (tree-2),",
                        "Choose an exact model or the paper's tree; a file says what it learned by the entry data of its metadata.",
                    ),
                    "another's" => {
                        ("was trained on my-photos", "Choose an exact model, or the data that it was trained on.")
                    }
                    _ => (
                        "was trained on the paper's tree (tree-2)",
                        "Choose an exact model, or the data that it was trained on.",
                    ),
                };
                assert_eq!((sentence, &*advice), (format!("{name} {known} and knows nothing of IT."), expected));
            }
        };
        refused(&models, "silent");
        refused(&models, "another's");
        for name in network_names().into_iter().skip(1) {
            let file = network_of(&name.as_str().into()).unwrap().name;
            let bytes = std::fs::read(folder.join(format!("{file}.safetensors"))).unwrap();
            models.add(name.as_str(), Network::from_safetensors(&bytes).unwrap());
            refused(&models, &name);
        }
        assert!(models.of(&scheme("mine", Some(("exact:AB", 1.0)), 2.0)).is_ok());
        // Whatever the name says.
        assert!(models.of(&scheme("main-64-0256:A", None, 1.0)).is_ok());
    }
    let mut models = Models::over("tree-2".parse().unwrap());
    models.add("silent", network(None));
    models.add("tree", network(Some("tree-2")));
    models.add("moons", network(Some("two-moons")));
    assert!(models.of(&scheme("silent", Some(("tree", 1.0)), 2.0)).is_ok());
    let error = models.of(&scheme("moons", None, 1.0)).err().unwrap();
    assert_eq!(error.to_string(), "moons was trained on two-moons and knows nothing of tree-2.");
}

fn classes(distribution: Distribution) -> (Models, Evaluator) {
    let models = Models::over(distribution);
    let evaluator = Evaluator::new(Arc::clone(models.mixture(Classes::A)));
    (models, evaluator)
}

#[test]
fn perfect_samples_of_toys_score_at_the_noise_floor() {
    for distribution in [Distribution::TwoMoons, Distribution::Checkerboard, Distribution::EightGaussians] {
        let (models, mut evaluator) = classes(distribution.clone());
        let data = models.mixture(Classes::A);
        let drawn: Vec<[f32; 2]> =
            (0..4000).map(|i| data.sample(0.0, 77, Stream::Start, i)).map(|x| [x.x as f32, x.y as f32]).collect();
        for estimate in evaluator.metrics(&drawn).unwrap().estimates.into_list() {
            // Both vary: the metric by its error, the floor of eight by its spread.
            let error = estimate.standard_error.max(estimate.floor.spread);
            assert!((estimate.value - estimate.floor.mean).abs() < 4.0 * error, "{distribution}: {estimate:?}");
        }
        // Samples of the other class are no such samples, though squares touch.
        let others = starts(models.mixture(Classes::B), 0.0, 77, 0..500);
        assert!(evaluator.metrics(&others).unwrap().estimates.outliers.value > 0.4, "{distribution}");
    }
}

#[test]
fn moons_are_sampled() {
    let (models, mut evaluator) = classes(Distribution::TwoMoons);
    let mut metrics = |scheme: Scheme| {
        let from = starts(models.mixture(Classes::A), scheme.levels.max, 4, 0..4096);
        let ends = Sampler::new(&RunConfig { scheme, seed: 4 }, &models).unwrap().sample(&from, 2);
        evaluator.metrics(&ends).unwrap().estimates
    };
    let alone = metrics(scheme("exact:A", None, 1.0));
    assert!((0.004..0.025).contains(&alone.outliers.value), "{:?}", alone.outliers);
    assert!(alone.branch_total_variation.value < 0.06, "{:?}", alone.branch_total_variation);
    let guided = metrics(scheme("exact:A", Some(("exact:AB", 1.0)), 4.0));
    let moved = guided.sliced_wasserstein.value - alone.sliced_wasserstein.value;
    assert!(moved > 0.05, "{:?} {:?}", guided.sliced_wasserstein, alone.sliced_wasserstein);
}

static MIXTURES: LazyLock<Vec<Mixture>> =
    LazyLock::new(|| TOYS.into_iter().chain([Distribution::Tree { seed: 7 }]).map(|data| data.mixture()).collect());

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn scores_are_slopes_of_log_densities(which in 0..6usize, x in -0.9..1.5f64, y in -0.9..1.5f64, sigma in 0.02..2.0f64) {
        let (mixture, x, h) = (&MIXTURES[which], Vector2::new(x, y), 1e-5);
        let at = |dx: f64, dy: f64| mixture.log_density(x + Vector2::new(dx, dy), sigma);
        let slope = Vector2::new(at(h, 0.0) - at(-h, 0.0), at(0.0, h) - at(0.0, -h)) / (2.0 * h);
        let score = mixture.score(x, sigma);
        prop_assert!((score - slope).norm() < 1e-4 * (1.0 + score.norm()), "{score} {slope}");
    }
}

#[test]
fn overviews_come_from_the_data() {
    let over = |distribution: Distribution| View::over(&distribution.mixture());
    let square = |x: f64, y: f64, half: f64| View { x, y, half_width: half, half_height: half };
    // That of the paper's figures.
    assert_eq!(over(Distribution::PAPER), square(0.3, 0.3, 1.2));
    for distribution in TOYS.into_iter().chain((0..20).map(|seed| Distribution::Tree { seed })) {
        let mixture = distribution.mixture();
        let view = View::over(&mixture);
        let (mut b, mut whole) = (0.0, 0.0);
        for c in mixture.components() {
            let reach = 3.0 * c.covariance.diagonal().map(f64::sqrt);
            let away = (c.mean - Vector2::new(view.x, view.y)).abs() + reach;
            let seen = away.max() <= view.half_width + 1e-9;
            assert!(seen || c.class == 1, "{distribution}: {view:?} lacks {}", c.mean);
            if c.class == 1 {
                whole += c.weight;
                b += if seen { c.weight } else { 0.0 };
            }
        }
        let least = if TOYS.contains(&distribution) { 1.0 } else { 0.74 };
        assert!(b >= (least - 1e-9) * whole, "{distribution}: {view:?} has {b} of class B");
        assert!(view.half_width < 1.6, "{distribution}: {view:?}");
    }
}

#[test]
fn data_that_are_elsewhere_are_seen_elsewhere() {
    let at = |x: f64, class, weight| Component {
        weight,
        mean: Vector2::new(x, -7.0),
        covariance: Matrix2::new(0.25, 0.0, 0.0, 0.01),
        class,
        branch: 0,
    };
    let over = |components: &[Component]| View::over(&Mixture::new(components.to_vec()).unwrap());
    let square = |x: f64, half: f64| View { x, y: -7.0, half_width: half, half_height: half };
    // Three standard deviations are 1.5 across and .3 up.
    let a = || at(20.0, 0, 0.5);
    assert_eq!(over(&[a()]), square(20.0, 1.5));
    assert_eq!(over(&[at(20.0, 1, 0.5)]), square(20.0, 1.5));
    assert_eq!(over(&[a(), at(22.0, 1, 0.5)]), square(21.0, 2.5));
    // About a quarter of class B may be out of sight, and no more.
    assert_eq!(over(&[a(), at(22.0, 1, 0.38), at(99.0, 1, 0.12)]), square(21.0, 2.5));
    assert_eq!(over(&[a(), at(22.0, 1, 0.36), at(80.0, 1, 0.14)]), square(50.0, 31.5));
    // Nor is it where the square is hardly larger with it.
    assert_eq!(over(&[a(), at(22.0, 1, 0.38), at(22.2, 1, 0.12)]), square(21.1, 2.6));
}

#[test]
fn outlines_of_broad_data_lie_in_their_overview() {
    let blob = |x: f64, y: f64, class| Component {
        weight: 1.0,
        mean: Vector2::new(x, y),
        covariance: Matrix2::new(0.6, 0.3, 0.3, 0.5),
        class,
        branch: u16::from(class),
    };
    for data in [vec![blob(0.04, 0.01, 0), blob(0.04, 0.01, 1)], vec![blob(-0.5, 0.2, 0), blob(1.7, 0.9, 1)]] {
        let view = View::over(&Mixture::new(data.clone()).unwrap());
        for class in [0, 1] {
            let own = Mixture::new(data.iter().filter(|c| c.class == class).cloned().collect()).unwrap();
            for step in 0..=400 {
                let along = f64::from(step) / 200.0 - 1.0;
                for (x, y) in [(along, 1.0), (along, -1.0), (1.0, along), (-1.0, along)] {
                    let edge = Vector2::new(view.x + x * view.half_width, view.y + y * view.half_height);
                    assert!(own.log_density(edge, 0.0) < own.outline_level(), "class {class} at {edge}: {view:?}");
                }
            }
        }
    }
}

//! Rules of one's own on pictures: what they remember of each.

use guidance_playground::guidance::Combination;
use guidance_playground::guidance::rule::Time;
use guidance_playground::guidance::rule::own::Program;
use guidance_playground::guidance::rule::{Moment, Place, Rule};
use guidance_playground::images::network::TILE_PICTURES;
use guidance_playground::images::rules::{Data, Estimates, guided, guided_tile};
use guidance_playground::images::{NUMBERS, Scheme};

/// A number that a rule of one's own remembers is each picture's own, and is read as it was left.
#[test]
fn numbers_are_remembered_of_each_picture() {
    let text = "memo = 2 * memo + norm(D1 - D0)\nD1 + (w - 1) * sin(memo) * (D1 - D0)";
    let combination = Combination::Own { text: text.to_owned(), values: Default::default(), name: None };
    let program = Program::new(text).unwrap();
    let time = Time { next: 0.5, u: 0.5, scale: 1.0, step: 3.0, steps: 8.0 };
    let rule = Rule { own: Some((&program, time)), ..Rule::from(&combination) };
    let (scheme, data) = (Scheme::default(), Data { mean: [0.5; 3], deviation: 0.5 });
    let tile = |pace: f64, height: f64| -> Vec<f32> {
        let of = |i: usize| height * (pace * (i / TILE_PICTURES) as f64 + (i % TILE_PICTURES) as f64).sin();
        (0..NUMBERS * TILE_PICTURES).map(|i| of(i) as f32).collect()
    };
    let (x, main) = (tile(0.7, 1.2), tile(0.31, 0.5));
    let guide: Vec<f32> = main.iter().zip(tile(0.13, 0.01)).map(|(main, apart)| main - apart).collect();
    for place in [Place::Beginning, Place::First, Place::Second] {
        let moment = |lane: usize| Moment { sigma: 0.7, weight: 3.0, place, ratio: 0.3 * lane as f64 };
        let mut moments = std::array::from_fn(moment);
        let mut out = x.clone();
        let estimates = Estimates { x: &x, main: &main, guide: &guide, negatives: &[] };
        guided_tile(rule, &scheme, &data, &mut moments, &estimates, &mut [], &mut out);
        for lane in [0, 9] {
            let of = |tile: &[f32]| -> Vec<f64> {
                tile[lane..].iter().step_by(TILE_PICTURES).map(|v| f64::from(*v)).collect()
            };
            let [x, main, guide] = [&x, &main, &guide].map(|tile| of(tile));
            let estimates = Estimates { x: &x, main: &main, guide: &guide, negatives: &[] };
            let mut alone = moment(lane);
            let expected = guided(rule, &scheme, &data, &mut alone, &estimates, &mut vec![0.0; NUMBERS]);
            let apart: f64 = main.iter().zip(&guide).map(|(main, guide)| (main - guide) * (main - guide)).sum();
            let read = if place == Place::Beginning { 0.0 } else { moment(lane).ratio };
            let left = if place == Place::Second { read } else { 2.0 * read + apart.sqrt() };
            assert!((alone.ratio - left).abs() < 1e-9, "{place:?} {lane}: {} {left}", alone.ratio);
            assert!((moments[lane].ratio - left).abs() < 1e-4, "{place:?} {lane}: {} {left}", moments[lane].ratio);
            let error = of(&out).iter().zip(&expected).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
            assert!(error < 1e-5, "{place:?} {lane}: {error:e}");
        }
    }
}

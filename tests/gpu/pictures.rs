//! Pictures: what is where, in which colours.

use super::{config, models, no_error_is_left, scheme};
use guidance_playground::gpu::Gpu;
use guidance_playground::plane::distribution::{Classes, Distribution};
use guidance_playground::plane::engine::gpu::{Colours, Painter, Picture, Run};
use guidance_playground::plane::engine::{View, cpu};
use guidance_playground::plane::{Models, starts};
use guidance_playground::random::{Stream, unit, words};
use guidance_playground::sampling::Solver;
use nalgebra::Vector2;
use std::rc::Rc;

/// A picture of 64 x 64 pixels, read back.
async fn picture(gpu: &Rc<Gpu>, painter: &Painter, shown: &Picture, run: Option<&Run>) -> Vec<[u8; 4]> {
    painter.still([64, 64], shown, run).await.unwrap_or_else(|e| panic!("{e} {:?}", gpu.take_uncaught()))
}

const CLEAR: [f32; 4] = [0.0; 4];
const NOTHING: Colours = Colours {
    region_a: CLEAR,
    outline_a: CLEAR,
    region_b: CLEAR,
    outline_b: CLEAR,
    particle: CLEAR,
    dense: CLEAR,
    path: CLEAR,
    path_head: CLEAR,
};

/// Density shading: counts of what covers each pixel, through the tone map, worked out here in f64.
pub async fn densities_are_counts_made_here(gpu: &Rc<Gpu>) {
    let models = models();
    let painter = Painter::new(gpu, wgpu::TextureFormat::Rgba8Unorm).await.unwrap();
    let config = config(scheme("exact:A", None, 1.0), Solver::Euler, 2);
    // Denser and denser towards one place, and some by themselves.
    let words = |i: u64| words(9, Stream::Weights, i, 0);
    let points: Vec<[f32; 2]> = (0..600)
        .map(|i| {
            let width = if i < 580 { 0.2 / (1.0 + i as f64 / 20.0) } else { 1.5 };
            let at = |word| (0.25 + width * (unit(words(i)[word]) - 0.5)) as f32;
            [at(0), at(1)]
        })
        .collect();
    let run = Run::new(gpu, &config, &models, &points).await.unwrap();
    let (radius, tone) = (1.3, 0.5);
    let (particle, dense) = ([0.8, 0.3, 0.0], [0.2, 0.0, 0.1]);
    let with = |[r, g, b]: [f64; 3]| [r as f32, g as f32, b as f32, 0.5];
    let shown = Picture {
        distribution: Distribution::PAPER.id(),
        view: View { x: 0.0, y: 0.0, half_width: 1.0, half_height: 1.0 },
        position: 0.0,
        paths: 0,
        radius: radius as f32,
        share: 1.0,
        tone: Some(tone as f32),
        line: 1.0,
        colours: Colours { particle: with(particle), dense: with(dense), ..NOTHING },
    };
    let mut inks: Vec<f64> = Vec::new();
    // All of the particles, or the first third.
    for drawn in [600, 200] {
        let shown = Picture { share: drawn as f32 / 600.0, ..shown };
        let pixels = picture(gpu, &painter, &shown, Some(&run)).await;
        for (index, found) in pixels.iter().enumerate() {
            let (x, y) = ((index % 64) as f64 + 0.5, (index / 64) as f64 + 0.5);
            let coverage = |point: &[f32; 2]| {
                let [column, row] = [32.0 + 32.0 * f64::from(point[0]), 32.0 - 32.0 * f64::from(point[1])];
                (radius + 0.5 - (column - x).hypot(row - y)).clamp(0.0, 1.0)
            };
            let ink = tone * points[..drawn].iter().map(coverage).sum::<f64>().ln_1p();
            let opacity = ink.min(1.0);
            for channel in 0..3 {
                let share = (ink - 1.0).clamp(0.0, 1.0);
                let colour = particle[channel] + share * (dense[channel] - particle[channel]);
                let error = (f64::from(found[channel]) / 255.0 - opacity * colour).abs();
                // A half's 11 bits of a count, an eighth of a pixel's coverage grid on some rasterizers, and 8 bits of colour.
                assert!(error < 0.02, "pixel {index}, channel {channel}: {found:?}, ink {ink}");
            }
            assert!((f64::from(found[3]) / 255.0 - opacity).abs() < 0.02, "pixel {index}: {found:?}, ink {ink}");
            inks.push(ink);
        }
    }
    // All of the scale was met with.
    assert!(inks.contains(&0.0) && inks.iter().any(|ink| (0.2..0.8).contains(ink)));
    assert!(inks.iter().any(|ink| (1.2..1.8).contains(ink)) && inks.iter().any(|&ink| ink > 2.0));
    no_error_is_left(gpu);
}

/// Looked at 40 times closer than the whole tree, every pixel is on its side of the outline.
pub async fn close_outlines_are_exact(gpu: &Rc<Gpu>) {
    let models = models();
    let data = models.mixture(Classes::A);
    let painter = Painter::new(gpu, wgpu::TextureFormat::Rgba8Unorm).await.unwrap();
    // A fork of thin branches.
    let view = View { x: 0.62, y: 0.93, half_width: 0.03, half_height: 0.03 };
    let part = View { half_width: 0.045, half_height: 0.045, ..view };
    let blue = Colours { region_a: [0.0, 0.0, 1.0, 1.0], ..NOTHING };
    let distribution = Distribution::PAPER.id();
    let shown = Picture {
        distribution,
        view,
        position: 0.0,
        share: 1.0,
        paths: 0,
        radius: 1.0,
        tone: None,
        line: 0.0,
        colours: blue,
    };
    let mut work = painter.outline(&models).await.unwrap();
    let wrong = async || {
        let pixels = picture(gpu, &painter, &shown, None).await;
        let unit = view.half_width / 32.0;
        let found = pixels.iter().enumerate().filter(|&(index, pixel)| {
            let at = |i: usize| (i as f64 + 0.5) * unit - view.half_width;
            let (x, y) = (view.x + at(index % 64), view.y - at(index / 64));
            let value = data.evaluate(Vector2::new(x, y), 0.0);
            let inside = (value.log_density - data.outline_level()) / (value.score.norm() * unit);
            inside.abs() > 1.0 && (pixel[3] > 127) != (inside > 0.0)
        });
        found.count()
    };
    while work.grids() == 0 {
        painter.advance_outline(&mut work, Some(part)).await.unwrap();
    }
    assert!(wrong().await > 0, "coarse at first");
    while painter.advance_outline(&mut work, Some(part)).await.unwrap() {}
    assert_eq!(wrong().await, 0);
    no_error_is_left(gpu);
}

/// Points, paths and regions come where they belong, in their colours.
pub async fn pictures_show_what_is_there(gpu: &Rc<Gpu>) {
    let models = models();
    let painter = Painter::new(gpu, wgpu::TextureFormat::Rgba8Unorm).await.unwrap();
    let shown = |colours| Picture {
        distribution: Distribution::PAPER.id(),
        view: View { x: 0.0, y: 0.0, half_width: 1.0, half_height: 1.0 },
        position: 0.0,
        paths: 0,
        radius: 3.0,
        share: 1.0,
        tone: None,
        line: 2.0,
        colours,
    };
    let at =
        |pixels: &[[u8; 4]], x: f64, y: f64| pixels[((1.0 - y) * 32.0) as usize * 64 + ((x + 1.0) * 32.0) as usize];
    let config = config(scheme("exact:A", None, 1.0), Solver::Euler, 2);
    let run = Run::new(gpu, &config, &models, &[[0.5, 0.5], [-0.5, -0.25], [f32::NAN, 0.0]]).await.unwrap();

    let red = Colours { particle: [1.0, 0.0, 0.0, 1.0], ..NOTHING };
    let pixels = picture(gpu, &painter, &shown(red), Some(&run)).await;
    assert_eq!(at(&pixels, 0.5, 0.5), [255, 0, 0, 255]);
    assert_eq!(at(&pixels, -0.5, -0.25), [255, 0, 0, 255]);
    assert_eq!(at(&pixels, 0.5, -0.25), [0; 4]);
    // Two discs of radius 3 and their soft edge.
    let inked: f64 = pixels.iter().map(|p| f64::from(p[3]) / 255.0).sum();
    assert!((inked - 2.0 * std::f64::consts::PI * 9.0).abs() < 4.0, "{inked}");

    while run.advance().await.unwrap() {}
    let end = run.positions(2).await.unwrap()[0];
    let half = run.positions(1).await.unwrap()[0].map(f64::from);
    let green = Colours { path: [0.0, 1.0, 0.0, 1.0], ..NOTHING };
    let pixels = picture(gpu, &painter, &Picture { position: 2.0, paths: 1, ..shown(green) }, Some(&run)).await;
    let on_the_way = [0.5 * (0.5 + half[0]), 0.5 * (0.5 + half[1])];
    assert!(at(&pixels, on_the_way[0], on_the_way[1])[1] > 200, "{half:?} {end:?}");
    assert_eq!(at(&pixels, -0.5, -0.25), [0; 4]);
    // Half of a step: the particle stands on the straight line.
    let pixels = picture(gpu, &painter, &Picture { position: 0.5, ..shown(red) }, Some(&run)).await;
    assert_eq!(at(&pixels, on_the_way[0], on_the_way[1])[0], 255);

    let mut work = painter.outline(&models).await.unwrap();
    while work.grids() == 0 {
        painter.advance_outline(&mut work, None).await.unwrap();
    }
    let blue = Colours { region_a: [0.0, 0.0, 1.0, 1.0], ..NOTHING };
    let pixels = picture(gpu, &painter, &shown(blue), None).await;
    // The trunk of class A, and a place that no branch comes near.
    assert_eq!(at(&pixels, 0.13, 0.18), [0, 0, 255, 255]);
    assert_eq!(at(&pixels, -0.8, 0.8), [0; 4]);
    no_error_is_left(gpu);
}

/// Another distribution than the paper's tree: endpoints are the processor's, and outlines are its own, for as long as the
/// work on them is kept.
pub async fn toys_are_sampled_and_outlined(gpu: &Rc<Gpu>) {
    let [moons, rings] = [Distribution::TwoMoons, Distribution::TwoRings].map(Models::over);
    let config = config(scheme("exact:A", Some(("exact:AB", 1.0)), 2.0), Solver::Heun, 16);
    let data = moons.mixture(Classes::A);
    let run = Run::seeded(gpu, &config, &moons, data, 7, 100).await.unwrap();
    while run.advance().await.unwrap() {}
    let here = run.positions(16).await.unwrap();
    let from = starts(data, config.scheme.levels.max, 7, 0..100);
    let there = cpu::Sampler::new(&config, &moons).unwrap().sample(&from, 1);
    let distances = here.iter().zip(&there).map(|(a, b)| (a[0] - b[0]).hypot(a[1] - b[1]));
    let far = distances.filter(|distance| distance.is_nan() || *distance > 1e-3).count();
    assert!(far <= 5, "{far} of 100");

    let painter = Painter::new(gpu, wgpu::TextureFormat::Rgba8Unorm).await.unwrap();
    let mut works = Vec::new();
    for models in [&moons, &rings] {
        let mut work = painter.outline(models).await.unwrap();
        assert_eq!(work.distribution(), models.distribution().id());
        while work.grids() < 2 {
            painter.advance_outline(&mut work, None).await.unwrap();
        }
        works.push(work);
    }
    let blue = Colours { region_a: [0.0, 0.0, 1.0, 1.0], ..NOTHING };
    let shown = |distribution| Picture {
        distribution,
        view: View { x: 0.3, y: 0.3, half_width: 1.2, half_height: 1.2 },
        position: 0.0,
        paths: 0,
        radius: 1.0,
        share: 1.0,
        tone: None,
        line: 0.0,
        colours: blue,
    };
    let places = [&moons, &rings].map(|models| models.mixture(Classes::A).components()[40].mean);
    let inked = async |models: &Models| {
        let pixels = picture(gpu, &painter, &shown(models.distribution().id()), None).await;
        places.map(|place| {
            let pixel = |offset: f64| ((offset / 1.2 + 1.0) * 32.0) as usize;
            pixels[pixel(0.3 - place.y) * 64 + pixel(place.x - 0.3)][3] > 127
        })
    };
    assert_eq!((inked(&moons).await, inked(&rings).await), ([true, false], [false, true]));
    assert_eq!(inked(&Models::new()).await, [false; 2], "of the tree none are worked out");
    works.remove(0);
    assert_eq!((inked(&moons).await, inked(&rings).await), ([false; 2], [false, true]));
    no_error_is_left(gpu);
}

//! Data of one's own: points as Gaussians around them, beside SciPy's (tests/reference/points.py); and what the engine makes of a
//! drawing.

use guidance_playground::plane::distribution::{Classes, Distribution, files};
use guidance_playground::plane::training::{Trainer, TrainingConfig};
use guidance_playground::plane::{Model, Models};
use nalgebra::Vector2;
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Reference {
    points: Value,
    places: Vec<[f64; 2]>,
    log_densities: Vec<LogDensities>,
}

#[derive(Deserialize)]
struct LogDensities {
    bandwidth: f64,
    #[serde(rename = "A")]
    a: Vec<f64>,
    #[serde(rename = "B")]
    b: Vec<f64>,
}

#[test]
fn points_have_the_density_of_scipy() {
    let reference: Reference = serde_json::from_str(include_str!("../data/points.json")).unwrap();
    for LogDensities { bandwidth, a, b } in &reference.log_densities {
        let file = json!({"points": reference.points, "bandwidth": bandwidth}).to_string();
        let Distribution::Points(points) = files::read(&file, 1.0).unwrap() else { panic!("they are points") };
        let [unit, x, y] = points.map_back();
        let data = Distribution::Points(points);
        for (classes, expected) in [(Classes::A, a), (Classes::B, b)] {
            let mixture = data.mixture().classes(classes).unwrap();
            for (place, expected) in reference.places.iter().zip(expected) {
                let place = (Vector2::from(*place) - Vector2::new(x, y)) / unit;
                // An area in the plane is that of the points over the square of the unit.
                let found = mixture.log_density(place, 0.0) - 2.0 * f64::ln(unit);
                // Means are rounded to 1/8192 of the plane and sizes, of .05 and more, too: that is at most so much of the
                // exponent, which falls with the square of the distance.
                let tolerance = 0.01 * (1.0 + expected.abs());
                assert!((found - expected).abs() < tolerance, "{bandwidth} {classes} {place}: {found} {expected}");
            }
        }
    }
}

const DRAWING: &str = "{\"strokes\": [{\"class\": \"A\", \"size\": 0.06, \"points\": [[-0.8, 0], [0, 0.8], [0.8, 0]]}, \
                       {\"class\": \"B\", \"size\": 0.06, \"points\": [[-0.8, -0.4], [0.8, -0.4]]}]}";

#[test]
fn a_network_of_a_drawing_knows_it_and_nothing_else() {
    let data = files::read(DRAWING, 1.0).unwrap();
    let config = TrainingConfig { data: data.clone(), hidden: 8, batch: 64, ..TrainingConfig::default() };
    let mut trainer = Trainer::new(config).unwrap();
    trainer.step(1).unwrap();
    let network = Trainer::resume(&trainer.checkpoint()).unwrap().network();
    assert_eq!(network.says("data"), Some(&*data.to_string()));
    let of = |data: Distribution| {
        let mut models = Models::over(data);
        models.add("mine", network.clone());
        models.get(&"mine".into())
    };
    assert!(matches!(of(data.clone()), Ok(Model::Network(_))));
    let message = of(Distribution::TwoMoons).err().unwrap().to_string();
    // What a hand drew is called by the beginning of its id in messages, and not by all of its strokes.
    assert!(message.contains(&data.called()) && data.called().len() < 20 && message.len() < 120, "{message}");
}

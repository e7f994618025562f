//! The networks that ship, as files of weights/: the one table of what each learned, and how. Their files say the same in
//! their metadata.

use crate::guidance::{ModelName, Noise};
use crate::plane::distribution::{Classes, Distribution};
use crate::plane::network::{FEATURES, LAYERS, TrainingConfig};
use serde::Serialize;

/// A network that ships: weights/NAME.safetensors.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NetworkInfo {
    /// The name of its file, which says nothing to a program, and by which version 1 of the description called it.
    pub name: String,
    /// What schemes call it, beside its condition.
    pub model: String,
    /// What the training is called, beside its condition, that it is a snapshot of.
    pub training: &'static str,
    /// Iterations that it has had.
    pub iterations: u32,
    /// The distribution that it learned.
    pub data: String,
    /// The classes of that.
    pub condition: Classes,
    /// The noise that it learned to see through.
    pub noise: Noise,
    /// Width of the hidden layers.
    pub width: usize,
    /// Hidden-to-hidden matrices.
    pub layers: usize,
    /// Seed of weights and batches.
    pub seed: u64,
    /// Size of its numbers.
    pub bytes: usize,
    /// How it was trained.
    #[serde(skip)]
    pub config: TrainingConfig,
}

/// Mains along their training, guides small and early, the large unconditional guide that does not confound size with
/// condition, and networks of heavy tails.
pub fn networks() -> Vec<NetworkInfo> {
    let mut rows = Vec::new();
    let mut training = |[files, training]: [&'static str; 2], classes, hidden, seed, iterations: &[u32]| {
        let config = TrainingConfig { classes, hidden, seed, ..TrainingConfig::default() };
        let at = |name: &str, i: u32| format!("{name}-{i:04}");
        rows.extend(iterations.iter().map(|&i| row([at(files, i), at(training, i)], training, i, config.clone())));
    };
    training(
        ["main-A64", "main-64"],
        Classes::A,
        64,
        0,
        &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16].map(|i| 256 * i),
    );
    // Of three seeds those with the median outlier rate.
    training(["guide-A32", "guide-32"], Classes::A, 32, 0, &[64, 128, 256, 512, 1024, 2048, 4096]);
    training(["guide-AB32", "guide-32"], Classes::AB, 32, 2, &[64, 128, 256, 512, 1024, 2048, 4096]);
    training(["guide-AB64", "guide-64"], Classes::AB, 64, 0, &[4096]);
    training(["guide-B32", "guide-32"], Classes::B, 32, 0, &[512]);
    for (name, training, nu) in [("tail-A64-nu4", "tail-64-nu4", 4.0), ("tail-A64-nu10", "tail-64-nu10", 10.0)] {
        let config = TrainingConfig { degrees_of_freedom: Some(nu), ..TrainingConfig::default() };
        rows.push(row([name, training].map(str::to_owned), training, 4096, config));
    }
    rows
}

impl NetworkInfo {
    /// What schemes call it.
    pub fn model_name(&self) -> ModelName {
        ModelName { model: self.model.clone(), condition: Some(self.condition.to_string()) }
    }
}

fn row([name, model]: [String; 2], training: &'static str, iterations: u32, config: TrainingConfig) -> NetworkInfo {
    let TrainingConfig { classes: condition, hidden: width, seed, degrees_of_freedom, .. } = config;
    let noise = degrees_of_freedom.map_or(Noise::Gaussian, |degrees_of_freedom| Noise::StudentT { degrees_of_freedom });
    let numbers = width * (FEATURES + LAYERS * width) + 1 + usize::from(degrees_of_freedom.is_some());
    let data = Distribution::PAPER.to_string();
    let (layers, bytes) = (LAYERS, 4 * numbers);
    NetworkInfo { name, model, training, iterations, data, condition, noise, width, layers, seed, bytes, config }
}

/// What schemes call the networks, as text, in the order of the table.
pub fn network_names() -> Vec<String> {
    networks().iter().map(|network| network.model_name().to_string()).collect()
}

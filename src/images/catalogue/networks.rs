//! The networks of pictures that ship, as files of weights/images/: the one table of what each is. Their files say of their training
//! the same in their metadata.

use crate::guidance::Noise;
use serde::Serialize;

/// The trained network of pictures.
pub const MAIN: &str = "main";
/// A smaller one, trained for less long.
pub const GUIDE: &str = "guide";
/// The condition of a guide that is asked of any picture.
pub const ANYTHING: &str = "anything";

/// A network that ships: weights/images/NAME.safetensors. Its condition is any prompt.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NetworkInfo {
    /// The name of its file, and what schemes call it.
    pub name: &'static str,
    /// The same.
    pub model: &'static str,
    /// The training that it is a snapshot of.
    pub training: &'static str,
    /// Steps of that, of 32 pictures each.
    pub iterations: u32,
    /// None: that of the run.
    pub condition: Option<String>,
    /// The noise that it learned to see through.
    pub noise: Noise,
    /// Channels at 16, 8 and 4 pixels.
    pub channels: [usize; 3],
    /// Numbers in the vector of a prompt.
    pub vector: usize,
    /// Seed of weights and batches.
    pub seed: u64,
    /// Size of its file.
    pub bytes: usize,
}

/// The main network along its training, and a smaller one.
pub fn networks() -> Vec<NetworkInfo> {
    let row = |name, training, iterations, channels, vector, bytes| {
        let (condition, noise, seed) = (None, Noise::Gaussian, 1);
        NetworkInfo { name, model: name, training, iterations, condition, noise, channels, vector, seed, bytes }
    };
    let main = |name, iterations, bytes| row(name, MAIN, iterations, [32, 64, 96], 192, bytes);
    vec![
        main("main-10", 3600, 4_607_412),
        main("main-20", 7200, 4_607_412),
        main("main-40", 14_400, 4_607_412),
        main(MAIN, 36_000, 4_607_420),
        row(GUIDE, GUIDE, 12_000, [16, 32, 64], 96, 2_149_628),
    ]
}

//! What a prompt allows, and how often: the truth that samples are judged against.

use super::{Picture, Prompt, World};
use crate::error::Result;
use crate::random::{Stream, unit, words};

/// The pictures that a prompt allows, each with its probability.
#[derive(Clone, Debug)]
pub struct Distribution {
    prompt: Prompt,
    /// Probabilities sum to 1.
    pictures: Vec<(Picture, f64)>,
    /// Sums of probabilities up to and including each.
    cumulative: Vec<f64>,
    mean_log_probability: f64,
}

impl Distribution {
    /// Of a prompt.
    ///
    /// # Errors
    /// [`Error::Invalid`](crate::Error::Invalid) if there is no such picture.
    pub fn new(world: &World, prompt: Prompt) -> Result<Self> {
        let mut pictures: Vec<_> = world.pictures().filter(|(picture, _)| prompt.allows(*picture)).collect();
        if pictures.is_empty() {
            return Err(world.no_picture(prompt));
        }
        let total: f64 = pictures.iter().map(|(_, share)| share).sum();
        let mut sum = 0.0;
        let mut cumulative = Vec::with_capacity(pictures.len());
        for (_, probability) in &mut pictures {
            *probability /= total;
            sum += *probability;
            cumulative.push(sum);
        }
        let mean_log_probability = pictures.iter().map(|(_, p)| p * p.ln()).sum();
        Ok(Self { prompt, pictures, cumulative, mean_log_probability })
    }

    /// The prompt that it is of.
    pub fn prompt(&self) -> Prompt {
        self.prompt
    }

    /// All pictures with their probabilities.
    pub fn pictures(&self) -> &[(Picture, f64)] {
        &self.pictures
    }

    /// Perfect sample `index` of `seed`, and its probability.
    pub fn sample(&self, seed: u64, stream: Stream, index: u64) -> (Picture, f64) {
        let level = unit(words(seed, stream, index, 0)[0]);
        let place = self.cumulative.partition_point(|&sum| sum <= level);
        self.pictures[place.min(self.pictures.len() - 1)]
    }

    /// How often each value of a part of pictures is seen, such as each style: probabilities by value.
    pub fn shares_of(&self, part: impl Fn(Picture) -> usize) -> Vec<f64> {
        let mut shares = Vec::new();
        for &(picture, probability) in &self.pictures {
            let value = part(picture);
            shares.resize(shares.len().max(value + 1), 0.0);
            shares[value] += probability;
        }
        shares
    }

    /// The mean of the logarithm of a picture's probability, in nats: the entropy, negative.
    pub fn mean_log_probability(&self) -> f64 {
        self.mean_log_probability
    }
}

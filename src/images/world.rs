//! What there is to be seen, and how often.

use super::{NUMBERS, SIDE};
use crate::error::{Error, Result};
use crate::tensors::Tensors;
use serde::Deserialize;
use std::collections::HashMap;

const PIXELS: usize = SIDE * SIDE;

/// One of the world's styles.
#[derive(Clone, Debug, Deserialize)]
struct Style {
    name: String,
    share: f64,
}

#[derive(Clone, Debug, Deserialize)]
struct Concept {
    name: String,
}

#[derive(Clone, Debug, Deserialize)]
struct Placement {
    side: usize,
    left: usize,
    top: usize,
    share: f64,
}

#[derive(Clone, Debug, Deserialize)]
struct Background {
    name: String,
    /// Red, green and blue, from 0 to 1.
    colour: [f64; 3],
    share: f64,
}

/// sprites/world.json.
#[derive(Clone, Debug, Deserialize)]
struct Description {
    styles: Vec<Style>,
    concepts: Vec<Concept>,
    placements: Vec<Placement>,
    backgrounds: Vec<Background>,
    /// Concept and style of every sprite, by their side.
    sprites: HashMap<String, String>,
}

/// Which picture: places in the lists of the world.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Picture {
    /// What is shown.
    pub concept: usize,
    /// How it is drawn.
    pub style: usize,
    /// Where it stands.
    pub placement: usize,
    /// On what.
    pub background: usize,
}

/// A sprite in its place, without a background: where it covers nothing, the background shows through.
#[derive(Clone, Debug)]
pub(super) struct Figure {
    pub concept: usize,
    pub style: usize,
    pub placement: usize,
    /// What it adds of each colour, in 255ths.
    colour: Vec<u8>,
    /// How much of the background is seen in each pixel, in 255ths.
    clear: Vec<u8>,
}

/// Everything that can be seen, with its share.
///
/// A picture is colour + clear x background, in units of 0 to 1; as data it is `(that - mean) / 0.5`, with the mean colour of all
/// pictures, so that models see numbers around 0.
#[derive(Clone, Debug)]
pub struct World {
    description: Description,
    pub(super) figures: Vec<Figure>,
    mean: [f64; 3],
}

/// What data is divided by.
pub(super) const SCALE: f64 = 0.5;

impl World {
    /// Of the unpacked bytes of sprites/sprites.safetensors.gz.
    ///
    /// # Errors
    /// [`Error::Weights`] if they are not complete, or not what they say that they are.
    pub fn new(bytes: &[u8]) -> Result<Self> {
        let file = Tensors::read(bytes)?;
        let wrong = |what: &str, expected: &str, found: String| Err(Error::weights(what, expected, found));
        let Some((_, text)) = file.metadata.iter().find(|(name, _)| name == "world") else {
            return wrong("The header", "a description of the world", "none".to_owned());
        };
        let description: Description = match serde_json::from_str(text) {
            Ok(description) => description,
            Err(e) => return wrong("The description of the world", "its lists", e.to_string()),
        };
        let mut figures = Vec::new();
        for (placement, Placement { side, left, top, .. }) in description.placements.iter().enumerate() {
            let (name, shape) = (side.to_string(), |n: usize| vec![n, *side, *side, 4]);
            let names: Vec<&str> = description.sprites.get(&name).map_or(vec![], |all| all.split(' ').collect());
            let fits = left + side <= SIDE && top + side <= SIDE;
            let data = match file.get(&name) {
                Some(tensor) if fits && tensor.kind == "U8" && tensor.shape == shape(names.len()) => tensor.data,
                other => {
                    let found = other.map_or_else(|| "none".to_owned(), |t| format!("{} {:?}", t.kind, t.shape));
                    return wrong(&name, "sprites that fit into a picture, bytes of red, green, blue, opacity", found);
                }
            };
            for (name, sprite) in names.iter().zip(data.chunks_exact(4 * side * side)) {
                let (concept, style) = name.split_once('/').unwrap_or((name, ""));
                let Some(style) = description.styles.iter().position(|s| s.name == style) else {
                    return wrong("The description of the world", "a known style of each sprite", (*name).to_owned());
                };
                // The astronaut is in no list yet.
                let Some(concept) = description.concepts.iter().position(|c| c.name == concept) else { continue };
                figures.push(Figure::new(sprite, [*side, *left, *top], [concept, style, placement]));
            }
        }
        let mut world = Self { description, figures, mean: [0.0; 3] };
        let mut mean = [0.0; 3];
        for figure in &world.figures {
            let share = world.share_of_figure(figure) / PIXELS as f64;
            for (colour, clear) in figure.pixels() {
                for (c, mean) in mean.iter_mut().enumerate() {
                    let behind: f64 = world.description.backgrounds.iter().map(|b| b.share * b.colour[c]).sum();
                    *mean += share * (colour[c] + clear * behind);
                }
            }
        }
        world.mean = mean;
        Ok(world)
    }

    /// Names of the concepts.
    pub fn concepts(&self) -> impl ExactSizeIterator<Item = &str> {
        self.description.concepts.iter().map(|c| c.name.as_str())
    }

    /// Names of the styles.
    pub fn styles(&self) -> impl ExactSizeIterator<Item = &str> {
        self.description.styles.iter().map(|s| s.name.as_str())
    }

    /// Names of the backgrounds.
    pub fn backgrounds(&self) -> impl ExactSizeIterator<Item = &str> {
        self.description.backgrounds.iter().map(|b| b.name.as_str())
    }

    /// Mean red, green and blue of all pixels, from 0 to 1.
    pub fn mean(&self) -> [f64; 3] {
        self.mean
    }

    /// How often a background is seen.
    pub fn share_of_background(&self, background: usize) -> f64 {
        self.description.backgrounds[background].share
    }

    pub(super) fn share_of_figure(&self, figure: &Figure) -> f64 {
        let Description { styles, concepts, placements, .. } = &self.description;
        styles[figure.style].share * placements[figure.placement].share / concepts.len() as f64
    }

    /// Red, green and blue of a background, from 0 to 1.
    pub fn colour_of_background(&self, background: usize) -> [f64; 3] {
        self.description.backgrounds[background].colour
    }

    /// All pictures with their shares, which sum to 1.
    pub fn pictures(&self) -> impl Iterator<Item = (Picture, f64)> {
        self.figures.iter().flat_map(move |figure| {
            self.description.backgrounds.iter().enumerate().map(move |(background, b)| {
                let Figure { concept, style, placement, .. } = *figure;
                (Picture { concept, style, placement, background }, self.share_of_figure(figure) * b.share)
            })
        })
    }

    /// A picture as data; nothing, if there is no such one.
    pub fn data(&self, picture: Picture) -> Option<Vec<f64>> {
        let Picture { concept, style, placement, background } = picture;
        let figure = self.figures.iter().find(|f| (f.concept, f.style, f.placement) == (concept, style, placement))?;
        let colour = self.description.backgrounds.get(background)?.colour;
        Some(self.on_background(figure, colour))
    }

    /// A figure on a background of this colour (0 to 1), as data.
    pub(super) fn on_background(&self, figure: &Figure, background: [f64; 3]) -> Vec<f64> {
        let seen =
            |(colour, clear): ([f64; 3], f64)| [0, 1, 2].map(|c| colour[c] + clear * background[c] - self.mean[c]);
        figure.pixels().flat_map(seen).map(|v| v / SCALE).collect()
    }
}

impl Figure {
    fn new(sprite: &[u8], [side, left, top]: [usize; 3], [concept, style, placement]: [usize; 3]) -> Self {
        let (mut colour, mut clear) = (vec![0; NUMBERS], vec![255; PIXELS]);
        for (i, &[r, g, b, a]) in sprite.as_chunks::<4>().0.iter().enumerate() {
            let pixel = (top + i / side) * SIDE + left + i % side;
            colour[3 * pixel..][..3].copy_from_slice(&[r, g, b]);
            clear[pixel] = 255 - a;
        }
        Self { concept, style, placement, colour, clear }
    }

    /// Of each pixel: what the figure adds of red, green and blue, and how much of the background is seen; from 0 to 1.
    pub fn pixels(&self) -> impl Iterator<Item = ([f64; 3], f64)> {
        let share = |v: u8| f64::from(v) / 255.0;
        self.colour
            .as_chunks()
            .0
            .iter()
            .zip(&self.clear)
            .map(move |(&[r, g, b], &clear)| ([r, g, b].map(share), share(clear)))
    }
}

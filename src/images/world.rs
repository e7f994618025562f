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
    title: String,
    author: String,
    licence: String,
}

#[derive(Clone, Debug, Deserialize)]
struct Concept {
    name: String,
}

#[derive(Clone, Debug, Deserialize)]
struct Placement {
    #[serde(flatten)]
    area: Area,
    share: f64,
}

/// A square of the picture, in pixels.
#[derive(Clone, Copy, Debug, Deserialize)]
struct Area {
    side: usize,
    left: usize,
    top: usize,
}

/// Pictures of riders on mounts.
#[derive(Clone, Debug, Deserialize)]
struct Riding {
    rider: Area,
    mount: Area,
    /// Of all pictures.
    share: f64,
    /// Pairs that networks have not been trained on, as `rider/mount`.
    unseen: Vec<String>,
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
    riding: Riding,
    /// Concept and style of every sprite, by their side.
    sprites: HashMap<String, String>,
}

/// What is shown: places in the lists of the world.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// One of the concepts.
    Concept(usize),
    /// One of the riders on one of the mounts.
    Riding {
        /// Who.
        rider: usize,
        /// On what.
        mount: usize,
    },
}

/// Which picture: places in the lists of the world.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Picture {
    /// What is shown.
    pub subject: Subject,
    /// How it is drawn.
    pub style: usize,
    /// Where it stands; riders and mounts have one place.
    pub placement: usize,
    /// On what.
    pub background: usize,
}

/// What is shown in its place, without a background: where it covers nothing, the background shows through.
#[derive(Clone, Debug)]
pub(super) struct Figure {
    pub subject: Subject,
    pub style: usize,
    pub placement: usize,
    /// Of all pictures, those of this figure.
    pub share: f64,
    /// What it adds of each colour, from 0 to 1.
    colour: Vec<f64>,
    /// How much of the background is seen in each pixel, from 0 to 1.
    clear: Vec<f64>,
}

/// Everything that can be seen, with its share.
///
/// A picture is colour + clear x background, in units of 0 to 1; as data it is `(that - mean) / 0.5`, with the mean colour of all
/// pictures, so that models see numbers around 0.
#[derive(Clone, Debug)]
pub struct World {
    description: Description,
    pub(super) figures: Vec<Figure>,
    riders: Vec<String>,
    mounts: Vec<String>,
    mean: [f64; 3],
    deviation: f64,
}

/// What data is divided by.
pub const SCALE: f64 = 0.5;

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
        let sprites = Sprites::new(&file, &description)?;
        let mut world = Self {
            figures: Vec::new(),
            riders: Vec::new(),
            mounts: Vec::new(),
            mean: [0.0; 3],
            deviation: 0.0,
            description,
        };
        world.add_concepts(&sprites)?;
        world.add_pairs(&sprites)?;
        let behind = |power: i32| {
            [0, 1, 2]
                .map(|c| world.description.backgrounds.iter().map(|b| b.share * b.colour[c].powi(power)).sum::<f64>())
        };
        let (behind, behind_square) = (behind(1), behind(2));
        let (mut mean, mut square) = ([0.0; 3], 0.0);
        for figure in &world.figures {
            let share = figure.share / PIXELS as f64;
            for (colour, clear) in figure.pixels() {
                for c in 0..3 {
                    mean[c] += share * (colour[c] + clear * behind[c]);
                    square +=
                        share * (colour[c] * (colour[c] + 2.0 * clear * behind[c]) + clear * clear * behind_square[c]);
                }
            }
        }
        world.mean = mean;
        world.deviation = ((square - mean.iter().map(|v| v * v).sum::<f64>()) / 3.0).sqrt() / SCALE;
        Ok(world)
    }

    /// Names of the concepts.
    pub fn concepts(&self) -> impl ExactSizeIterator<Item = &str> {
        self.description.concepts.iter().map(|c| c.name.as_str())
    }

    /// Names of those that ride.
    pub fn riders(&self) -> impl ExactSizeIterator<Item = &str> {
        self.riders.iter().map(String::as_str)
    }

    /// Names of what is ridden.
    pub fn mounts(&self) -> impl ExactSizeIterator<Item = &str> {
        self.mounts.iter().map(String::as_str)
    }

    /// How many concepts, riders, mounts, styles and backgrounds there are.
    pub fn words_by_slot(&self) -> [usize; 5] {
        let Description { concepts, styles, backgrounds, .. } = &self.description;
        [concepts.len(), self.riders.len(), self.mounts.len(), styles.len(), backgrounds.len()]
    }

    /// The red, green or blue (0 to 2), from 0 to 1, that stands for a number of data.
    pub fn colour(&self, channel: usize, value: f64) -> f64 {
        SCALE * value + self.mean[channel]
    }

    /// The number of data that stands for a red, green or blue (0 to 2) from 0 to 1.
    pub fn value(&self, channel: usize, colour: f64) -> f64 {
        (colour - self.mean[channel]) / SCALE
    }

    /// What networks have not been trained on pictures of.
    pub fn unseen(&self) -> impl Iterator<Item = Subject> {
        let pairs = (0..self.riders.len()).flat_map(|rider| (0..self.mounts.len()).map(move |mount| (rider, mount)));
        pairs.map(|(rider, mount)| Subject::Riding { rider, mount }).filter(|subject| !self.is_seen(*subject))
    }

    /// Whether networks have been trained on pictures of this.
    pub fn is_seen(&self, subject: Subject) -> bool {
        match subject {
            Subject::Concept(_) => true,
            Subject::Riding { rider, mount } => {
                let pair = format!("{}/{}", self.riders[rider], self.mounts[mount]);
                !self.description.riding.unseen.contains(&pair)
            }
        }
    }

    /// What is shown, in words.
    pub fn name(&self, subject: Subject) -> String {
        match subject {
            Subject::Concept(concept) => self.description.concepts[concept].name.clone(),
            Subject::Riding { rider, mount } => format!("{} riding {}", self.riders[rider], self.mounts[mount]),
        }
    }

    /// Names of the styles.
    pub fn styles(&self) -> impl ExactSizeIterator<Item = &str> {
        self.description.styles.iter().map(|s| s.name.as_str())
    }

    /// Whose pictures these are, to be said wherever they are shown.
    pub fn credits(&self) -> String {
        let credit = |Style { title, author, licence, .. }: &Style| format!("{title} by {author} ({licence})");
        let all: Vec<_> = self.description.styles.iter().map(credit).collect();
        format!("After {}", all.join("; "))
    }

    /// Names of the backgrounds.
    pub fn backgrounds(&self) -> impl ExactSizeIterator<Item = &str> {
        self.description.backgrounds.iter().map(|b| b.name.as_str())
    }

    /// Mean red, green and blue of all pixels, from 0 to 1.
    pub fn mean(&self) -> [f64; 3] {
        self.mean
    }

    /// Standard deviation of all numbers of all pictures, as data.
    pub fn deviation(&self) -> f64 {
        self.deviation
    }

    /// How often a background is seen.
    pub fn share_of_background(&self, background: usize) -> f64 {
        self.description.backgrounds[background].share
    }

    /// Red, green and blue of a background, from 0 to 1.
    pub fn colour_of_background(&self, background: usize) -> [f64; 3] {
        self.description.backgrounds[background].colour
    }

    /// All pictures with their shares, which sum to 1.
    pub fn pictures(&self) -> impl Iterator<Item = (Picture, f64)> {
        self.figures.iter().flat_map(move |figure| {
            self.description.backgrounds.iter().enumerate().map(move |(background, b)| {
                let Figure { subject, style, placement, share, .. } = *figure;
                (Picture { subject, style, placement, background }, share * b.share)
            })
        })
    }

    /// A picture as data; nothing, if there is no such one.
    pub fn data(&self, picture: Picture) -> Option<Vec<f64>> {
        let Picture { subject, style, placement, background } = picture;
        let figure = self.figures.iter().find(|f| (f.subject, f.style, f.placement) == (subject, style, placement))?;
        let colour = self.description.backgrounds.get(background)?.colour;
        Some(self.on_background(figure, colour))
    }

    /// A figure on a background of this colour (0 to 1), as data.
    pub(super) fn on_background(&self, figure: &Figure, background: [f64; 3]) -> Vec<f64> {
        let seen =
            |(colour, clear): ([f64; 3], f64)| [0, 1, 2].map(|c| colour[c] + clear * background[c] - self.mean[c]);
        figure.pixels().flat_map(seen).map(|v| v / SCALE).collect()
    }

    /// Squared lengths of a figure on each of some backgrounds, as data.
    pub(super) fn squares(&self, figure: &Figure, backgrounds: &[[f64; 3]]) -> Vec<f64> {
        let (mut own, mut both, mut clear_square) = (0.0, [0.0; 3], 0.0);
        for (colour, clear) in figure.pixels() {
            clear_square += clear * clear;
            for c in 0..3 {
                let beside = colour[c] - self.mean[c];
                own += beside * beside;
                both[c] += beside * clear;
            }
        }
        let square = |colour: &[f64; 3]| {
            let behind = (0..3).map(|c| colour[c] * (2.0 * both[c] + colour[c] * clear_square)).sum::<f64>();
            (own + behind) / (SCALE * SCALE)
        };
        backgrounds.iter().map(square).collect()
    }
}

impl World {
    fn add_concepts(&mut self, sprites: &Sprites<'_>) -> Result<()> {
        let Description { styles, concepts, placements, riding, .. } = &self.description;
        let each = (1.0 - riding.share) / concepts.len() as f64;
        for (place, placement) in placements.iter().enumerate() {
            for (i, concept) in concepts.iter().enumerate() {
                for (style, Style { name, share, .. }) in styles.iter().enumerate() {
                    let Some(sprite) = sprites.get(placement.area, &concept.name, name) else {
                        return Err(Error::weights(&concept.name, "a sprite of each style and size", "none"));
                    };
                    let share = each * share * placement.share;
                    let subject = Subject::Concept(i);
                    self.figures.push(Figure::new(&[(sprite, placement.area)], subject, [style, place], share));
                }
            }
        }
        Ok(())
    }

    /// Every rider on every mount, in the styles that have both.
    fn add_pairs(&mut self, sprites: &Sprites<'_>) -> Result<()> {
        let Description { styles, riding, .. } = &self.description;
        self.riders = sprites.names(riding.rider);
        self.mounts = sprites.names(riding.mount);
        let each = riding.share / (self.riders.len() * self.mounts.len()) as f64;
        for (rider, who) in self.riders.iter().enumerate() {
            for (mount, what) in self.mounts.iter().enumerate() {
                let both: Vec<_> = (styles.iter().enumerate())
                    .filter_map(|(style, Style { name, share, .. })| {
                        let below = (sprites.get(riding.mount, what, name)?, riding.mount);
                        let above = (sprites.get(riding.rider, who, name)?, riding.rider);
                        Some((style, *share, [below, above]))
                    })
                    .collect();
                let total: f64 = both.iter().map(|(_, share, _)| share).sum();
                let subject = Subject::Riding { rider, mount };
                for (style, share, parts) in both {
                    self.figures.push(Figure::new(&parts, subject, [style, 0], each * share / total));
                }
            }
        }
        Ok(())
    }
}

/// The sprites of a file, by side, concept and style.
struct Sprites<'a> {
    /// Of each side the names, as concept/style, and the bytes.
    sides: Vec<(usize, Vec<String>, &'a [u8])>,
}

impl<'a> Sprites<'a> {
    fn new(file: &Tensors<'a>, description: &Description) -> Result<Self> {
        let Description { placements, riding, sprites, .. } = description;
        let mut sides = Vec::new();
        for Area { side, left, top } in placements.iter().map(|p| p.area).chain([riding.rider, riding.mount]) {
            let name = side.to_string();
            let all = sprites.get(&name).map(String::as_str).unwrap_or_default();
            let names: Vec<String> = all.split_whitespace().map(str::to_owned).collect();
            let styled = |style| description.styles.iter().any(|s| s.name == style);
            if let Some(odd) = names.iter().find(|name| !name.split_once('/').is_some_and(|(_, style)| styled(style))) {
                return Err(Error::weights(
                    "The description of the world",
                    "a known style of each sprite",
                    (*odd).clone(),
                ));
            }
            let shape = [names.len(), side, side, 4];
            match file.get(&name) {
                Some(tensor)
                    if left + side <= SIDE && top + side <= SIDE && tensor.kind == "U8" && tensor.shape == shape =>
                {
                    sides.push((side, names, tensor.data));
                }
                other => {
                    let found = other.map_or_else(|| "none".to_owned(), |t| format!("{} {:?}", t.kind, t.shape));
                    let expected = "sprites that fit into a picture, bytes of red, green, blue, opacity";
                    return Err(Error::weights(&name, expected, found));
                }
            }
        }
        Ok(Self { sides })
    }

    fn of(&self, area: Area) -> Option<&(usize, Vec<String>, &'a [u8])> {
        self.sides.iter().find(|(side, ..)| *side == area.side)
    }

    fn get(&self, area: Area, concept: &str, style: &str) -> Option<&'a [u8]> {
        let (side, names, data) = self.of(area)?;
        let place = names.iter().position(|name| name.split_once('/') == Some((concept, style)))?;
        data.chunks_exact(4 * side * side).nth(place)
    }

    /// What there is of a size, each once.
    fn names(&self, area: Area) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for (concept, _) in self.of(area).iter().flat_map(|(_, names, _)| names).filter_map(|n| n.split_once('/')) {
            if !names.iter().any(|name| name == concept) {
                names.push(concept.to_owned());
            }
        }
        names
    }
}

impl Figure {
    /// Of sprites in their areas, the later ones in front.
    fn new(parts: &[(&[u8], Area)], subject: Subject, [style, placement]: [usize; 2], share: f64) -> Self {
        let (mut colour, mut clear) = (vec![0.0; NUMBERS], vec![1.0; PIXELS]);
        for &(sprite, Area { side, left, top }) in parts {
            for (i, rgba) in sprite.as_chunks::<4>().0.iter().enumerate() {
                let pixel = (top + i / side) * SIDE + left + i % side;
                let [rgb @ .., opacity] = rgba.map(|v| f64::from(v) / 255.0);
                let through = 1.0 - opacity;
                (0..3).for_each(|c| colour[3 * pixel + c] = rgb[c] + through * colour[3 * pixel + c]);
                clear[pixel] *= through;
            }
        }
        Self { subject, style, placement, share, colour, clear }
    }

    /// Of each pixel: what the figure adds of red, green and blue, and how much of the background is seen; from 0 to 1.
    pub fn pixels(&self) -> impl Iterator<Item = ([f64; 3], f64)> {
        self.colour.as_chunks().0.iter().copied().zip(self.clear.iter().copied())
    }
}

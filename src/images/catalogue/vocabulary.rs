//! Words of prompts, and all that is needed to read them as [`World::read`] does.

use crate::images::prompt::{ENDINGS, OFFERED, RIDING, SKIPPED};
use crate::images::{Subject, World};
use serde::Serialize;

/// The words of a world.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Vocabulary {
    /// What can be shown alone, in every style.
    pub concepts: Vec<String>,
    /// How it can be drawn.
    pub styles: Vec<String>,
    /// On what.
    pub backgrounds: Vec<Background>,
    /// Who can ride.
    pub riders: Vec<Rider>,
    /// What can be ridden.
    pub mounts: Vec<Rider>,
    /// Rider and mount of pictures that no network has been trained on.
    pub unseen: Vec<[String; 2]>,
    /// Words that say nothing.
    pub skipped: &'static [&'static str],
    /// What stands between a rider and a mount.
    pub riding: &'static [&'static str],
    /// Endings of plurals, each with that of the singular.
    pub endings: &'static [[&'static str; 2]],
    /// Known words that are offered for one that is not.
    pub offered: usize,
    /// Whose pictures these are, to be said wherever they are shown.
    pub credits: String,
}

/// A background.
#[derive(Clone, Debug, Serialize)]
pub struct Background {
    /// Its word.
    pub name: String,
    /// Red, green and blue, from 0 to 1.
    pub colour: [f64; 3],
}

/// Somebody who rides, or what is ridden.
#[derive(Clone, Debug, Serialize)]
pub struct Rider {
    /// The word.
    pub name: String,
    /// The styles in which there are pictures of it riding or ridden; of a pair those that both have.
    pub styles: Vec<String>,
}

impl Vocabulary {
    /// Those of a world.
    pub fn of(world: &World) -> Self {
        let all = |names: &mut dyn Iterator<Item = &str>| names.map(str::to_owned).collect::<Vec<_>>();
        let styles = all(&mut world.styles());
        let drawn = |place: usize, name: &str, of: fn(usize, usize) -> usize| {
            let has = |style: usize| {
                world.pictures().any(|(picture, _)| match picture.subject {
                    Subject::Riding { rider, mount } => of(rider, mount) == place && picture.style == style,
                    Subject::Concept(_) => false,
                })
            };
            let styles = styles.iter().enumerate().filter(|(style, _)| has(*style)).map(|(_, name)| name.clone());
            Rider { name: name.to_owned(), styles: styles.collect() }
        };
        let (riders, mounts) = (all(&mut world.riders()), all(&mut world.mounts()));
        let pair = |subject| match subject {
            Subject::Riding { rider, mount } => Some([riders[rider].clone(), mounts[mount].clone()]),
            Subject::Concept(_) => None,
        };
        let background =
            |(i, name): (usize, &str)| Background { name: name.to_owned(), colour: world.colour_of_background(i) };
        Self {
            concepts: all(&mut world.concepts()),
            backgrounds: world.backgrounds().enumerate().map(background).collect(),
            riders: riders.iter().enumerate().map(|(i, name)| drawn(i, name, |rider, _| rider)).collect(),
            mounts: mounts.iter().enumerate().map(|(i, name)| drawn(i, name, |_, mount| mount)).collect(),
            unseen: world.unseen().filter_map(pair).collect(),
            skipped: &SKIPPED,
            riding: &RIDING,
            endings: &ENDINGS,
            offered: OFFERED,
            credits: world.credits(),
            styles,
        }
    }
}

//! What is run of pictures.

use super::parts;
use super::schemes::Table;
use super::{Form, chosen, of_panel};
use crate::error::Result;
use crate::guidance::ModelName;
use crate::guidance::catalogue::Control;
use crate::images::catalogue::{named, schemes};
use crate::images::{Scheme, parameter};
use crate::parameter::STEPS;
use crate::sampling::NoiseLevels;

/// A scheme of pictures and, where that is told, of which pictures.
#[derive(Clone, Debug, PartialEq)]
pub struct ImagesConfiguration {
    /// What is run.
    pub scheme: Scheme,
    /// Of the noise.
    pub seed: Option<u64>,
    /// How many.
    pub pictures: Option<u64>,
    /// What is asked for, as it was typed.
    pub prompt: Option<String>,
}

/// Of each panel what the page would draw: by an address of the lab `images`, or schemes alone, as [`read`](super::read) takes them.
///
/// # Errors
/// As for [`read`](super::read).
pub fn read_images(text: &str) -> Result<Vec<ImagesConfiguration>> {
    let (text, panel) = of_panel(text.trim());
    let form = Form::of(text);
    let mut asked = form.asked(text);
    if form.is_alone() {
        asked.belongs_to(Pictures::LAB);
    }
    let state = parts::read(&Pictures, &asked)?;
    let configuration = |scheme: &Scheme| {
        let mut scheme = scheme.clone();
        if form.is_alone() {
            return ImagesConfiguration { scheme, seed: None, pictures: None, prompt: None };
        }
        scheme.guidance.levels = state.levels;
        let prompt = Some(state.subject.clone());
        ImagesConfiguration { scheme, seed: Some(state.seed), pictures: Some(state.samples), prompt }
    };
    chosen(state.panels.iter().map(configuration).collect(), panel)
}

struct Pictures;

/// Most letters of a prompt.
const LETTERS: usize = 200;

impl Table for Pictures {
    type Scheme = Scheme;
    const LAB: &'static str = "images";

    fn named(&self, id: &str) -> Option<Scheme> {
        named(id)
    }

    fn guided(&self) -> Scheme {
        let row = schemes().into_iter().find(|row| row.scheme.guidance.guide.is_some());
        row.expect("there is a guided scheme").scheme
    }

    /// Any prompt is a condition.
    fn model(&self, name: ModelName) -> Result<ModelName> {
        Ok(if name.condition.is_none() { ModelName::from(&*name.model) } else { name })
    }

    fn levels_of<'a>(&self, scheme: &'a Scheme) -> &'a NoiseLevels {
        &scheme.guidance.levels
    }

    fn controls(&self) -> Vec<Control> {
        let control = |(path, parameter): (&str, crate::parameter::Parameter)| Control {
            path: path.to_owned(),
            whole: parameter.whole,
            parameter,
        };
        [("/steps", STEPS), ("/min", parameter::SIGMA_MIN), ("/max", parameter::SIGMA_MAX)].map(control).to_vec()
    }

    fn subject(&self, text: &str) -> std::result::Result<String, String> {
        // Marks that turn a text around, of which a link could make it look like another.
        let turns = |letter: char| matches!(letter, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        Ok(text.chars().map(|letter| if turns(letter) { ' ' } else { letter }).take(LETTERS).collect())
    }
}

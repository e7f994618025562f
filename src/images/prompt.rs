//! Prompts: `[STYLE] [CONCEPT] [on a BACKGROUND background]`, any part left out, in any words around it.

use super::World;
use crate::error::{Error, Result};

/// What a prompt asks for; what is left out may be anything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Prompt {
    /// What is shown.
    pub concept: Option<usize>,
    /// How it is drawn.
    pub style: Option<usize>,
    /// On what.
    pub background: Option<usize>,
}

/// A prompt, and which of its words nothing is known of.
#[derive(Clone, Debug, PartialEq)]
pub struct Words {
    /// What the known words ask for.
    pub prompt: Prompt,
    /// Words that are not known, each with known ones that are nearest to it, the nearest first.
    pub unknown: Vec<(String, Vec<String>)>,
}

/// Words that stand between those that matter.
const SKIPPED: [&str; 22] = [
    "a",
    "an",
    "the",
    "on",
    "in",
    "of",
    "with",
    "at",
    "and",
    "background",
    "style",
    "styled",
    "photo",
    "photograph",
    "picture",
    "image",
    "drawing",
    "drawn",
    "painting",
    "icon",
    "emoji",
    "one",
];

/// Known words that are offered for one that is not.
const OFFERED: usize = 3;

impl World {
    /// Read a prompt. Words may come in any order; articles and the like are skipped, and plurals are read as one.
    ///
    /// # Errors
    /// [`Error::Invalid`] if two concepts, styles or backgrounds are asked for.
    pub fn read(&self, text: &str) -> Result<Words> {
        let mut words = Words { prompt: Prompt::default(), unknown: Vec::new() };
        for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
            let word = word.to_lowercase();
            if SKIPPED.contains(&word.as_str()) {
                continue;
            }
            let Prompt { concept, style, background } = &mut words.prompt;
            let found = [
                (place(self.concepts(), &word), concept, "concept"),
                (place(self.styles(), &word), style, "style"),
                (place(self.backgrounds(), &word), background, "background"),
            ];
            let Some((Some(place), slot, what)) = found.into_iter().find(|(place, ..)| place.is_some()) else {
                let near = self.nearest_words(&word);
                words.unknown.push((word, near));
                continue;
            };
            if slot.is_some_and(|other| other != place) {
                return Err(Error::invalid("A prompt", format!("about one {what}"), format!("about two: \"{text}\"")));
            }
            *slot = Some(place);
        }
        Ok(words)
    }

    /// A prompt in words.
    pub fn words(&self, prompt: Prompt) -> String {
        let style = prompt.style.and_then(|i| self.styles().nth(i));
        let concept = prompt.concept.and_then(|i| self.concepts().nth(i));
        let background = prompt.background.and_then(|i| self.backgrounds().nth(i));
        let background = background.map(|name| format!("on a {name} background"));
        [style, concept, background.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" ")
    }

    fn nearest_words(&self, word: &str) -> Vec<String> {
        let mut all: Vec<&str> = self.concepts().chain(self.styles()).chain(self.backgrounds()).collect();
        all.sort_by_key(|known| distance(known, word));
        all.into_iter().take(OFFERED).map(str::to_owned).collect()
    }
}

/// Where in a list a word stands; either may be a plural.
fn place<'a>(mut names: impl Iterator<Item = &'a str>, word: &str) -> Option<usize> {
    let forms = singulars(word);
    names.position(|name| singulars(name).iter().any(|form| forms.contains(form)))
}

/// A word, and what it may be the plural of.
fn singulars(word: &str) -> Vec<String> {
    let endings = [("", ""), ("s", ""), ("es", ""), ("ies", "y")];
    endings.iter().filter_map(|(plural, singular)| Some([word.strip_suffix(plural)?, singular].concat())).collect()
}

/// Levenshtein's distance: letters to insert, delete or replace.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, letter) in a.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, other) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(letter != *other);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

//! Prompts: `[STYLE] [CONCEPT] [on a BACKGROUND background]`, or `RIDER riding MOUNT` in place of a concept, any part left out,
//! in any words around it.

use super::{Picture, Subject, World};
use crate::error::{Error, Result};

/// What a prompt asks for; what is left out may be anything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Prompt {
    /// What is shown.
    pub subject: Asked,
    /// How it is drawn.
    pub style: Option<usize>,
    /// On what.
    pub background: Option<usize>,
}

/// What is to be shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Asked {
    /// Anything.
    #[default]
    Anything,
    /// One of the concepts.
    Concept(usize),
    /// Somebody riding, at least one of both named.
    Riding {
        /// Who.
        rider: Option<usize>,
        /// On what.
        mount: Option<usize>,
    },
}

fn fits(asked: Option<usize>, found: usize) -> bool {
    asked.is_none_or(|asked| asked == found)
}

impl Asked {
    /// Whether this may be shown.
    pub fn allows(self, subject: Subject) -> bool {
        match (self, subject) {
            (Self::Anything, _) => true,
            (Self::Concept(asked), Subject::Concept(found)) => asked == found,
            (Self::Riding { rider, mount }, Subject::Riding { rider: who, mount: what }) => {
                fits(rider, who) && fits(mount, what)
            }
            _ => false,
        }
    }
}

impl From<Subject> for Asked {
    fn from(subject: Subject) -> Self {
        match subject {
            Subject::Concept(concept) => Self::Concept(concept),
            Subject::Riding { rider, mount } => Self::Riding { rider: Some(rider), mount: Some(mount) },
        }
    }
}

impl Prompt {
    /// A prompt as networks have it: of concept, rider, mount, style and background the place in its list, from 1; 0 is none.
    pub(super) fn slots(self) -> [usize; 5] {
        let (concept, rider, mount) = match self.subject {
            Asked::Anything => (None, None, None),
            Asked::Concept(concept) => (Some(concept), None, None),
            Asked::Riding { rider, mount } => (None, rider, mount),
        };
        [concept, rider, mount, self.style, self.background].map(|place| place.map_or(0, |place| place + 1))
    }

    /// Whether a picture is what is asked for.
    pub fn allows(self, picture: Picture) -> bool {
        self.subject.allows(picture.subject)
            && fits(self.style, picture.style)
            && fits(self.background, picture.background)
    }
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
pub(super) const SKIPPED: [&str; 24] = [
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
    "anything",
    "any",
];

/// Bytes of a text that is read: of each unknown word the nearest known ones are looked for.
const LONGEST: usize = 1000;

/// Known words that are offered for one that is not.
pub(super) const OFFERED: usize = 3;

/// What stands between a rider and a mount.
pub(super) const RIDING: [&str; 4] = ["riding", "rides", "ride", "rode"];

impl World {
    /// Read a prompt. Words may come in any order, but for those around "riding"; articles and the like are skipped, and plurals are
    /// read as one.
    ///
    /// # Errors
    /// [`Error::Invalid`] if two concepts, styles or backgrounds are asked for, or what there is no picture of, or the text is too long.
    pub fn read(&self, text: &str) -> Result<Words> {
        if text.len() > LONGEST {
            let bytes = format!("{} bytes long", text.len());
            return Err(Error::invalid("A prompt", format!("at most {LONGEST} bytes long"), bytes));
        }
        let mut words = Words { prompt: Prompt::default(), unknown: Vec::new() };
        let (mut subjects, mut riding) = (Vec::new(), None);
        let all: Vec<String> = text.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase).collect();
        for word in all.iter().filter(|word| !word.is_empty() && !SKIPPED.contains(&word.as_str())) {
            if RIDING.contains(&word.as_str()) {
                riding = Some(subjects.len());
                continue;
            }
            if place(self.concepts(), word).is_some() || place(self.riders(), word).is_some() {
                // Twice the same is once.
                if riding.is_some() || subjects.last() != Some(word) {
                    subjects.push(word.clone());
                }
                continue;
            }
            let Prompt { style, background, .. } = &mut words.prompt;
            let found = [
                (place(self.styles(), word), style, "style"),
                (place(self.backgrounds(), word), background, "background"),
            ];
            let Some((Some(place), slot, what)) = found.into_iter().find(|(place, ..)| place.is_some()) else {
                words.unknown.push((word.clone(), self.nearest_words(word)));
                continue;
            };
            if slot.is_some_and(|other| other != place) {
                return Err(Error::invalid("A prompt", format!("about one {what}"), format!("about two: \"{text}\"")));
            }
            *slot = Some(place);
        }
        words.prompt.subject = self.subject(text, &subjects, riding)?;
        if !self.pictures().any(|(picture, _)| words.prompt.allows(picture)) {
            return Err(self.no_picture(words.prompt));
        }
        Ok(words)
    }

    pub(super) fn no_picture(&self, prompt: Prompt) -> Error {
        Error::invalid("A prompt", "about what there is; there is no picture of this one", self.words(prompt))
    }

    /// What is to be shown, of its words and how many of them stand before "riding".
    fn subject(&self, text: &str, words: &[String], riding: Option<usize>) -> Result<Asked> {
        let several = || Err(Error::invalid("A prompt", "about one concept", format!("about two: \"{text}\"")));
        let Some(before) = riding else {
            return match words {
                [] => Ok(Asked::Anything),
                [word] => Ok(match place(self.concepts(), word) {
                    Some(concept) => Asked::Concept(concept),
                    None => Asked::Riding { rider: place(self.riders(), word), mount: None },
                }),
                _ => several(),
            };
        };
        let one_of = |names: Vec<&str>, words: &[String], what: &str| match words {
            [] => Ok(None),
            [word] => match place(names.iter().copied(), word) {
                Some(place) => Ok(Some(place)),
                None => Err(Error::invalid(format!("What {what}"), format!("one of {}", names.join(", ")), word)),
            },
            _ => several().map(|_: Asked| None),
        };
        let rider = one_of(self.riders().collect(), &words[..before], "rides")?;
        let mount = one_of(self.mounts().collect(), &words[before..], "is ridden")?;
        if (rider, mount) == (None, None) {
            return Err(Error::invalid("A prompt about riding", "about a rider or a mount", format!("\"{text}\"")));
        }
        Ok(Asked::Riding { rider, mount })
    }

    /// A prompt all of whose words are known.
    ///
    /// # Errors
    /// [`Error::Invalid`] naming the first word that is not, and known ones that are near.
    pub fn prompt(&self, text: &str) -> Result<Prompt> {
        let words = self.read(text)?;
        match words.unknown.first() {
            None => Ok(words.prompt),
            Some((word, near)) => {
                let expected = format!("of known words; near the unknown one are {}", near.join(", "));
                Err(Error::invalid("A prompt", expected, format!("\"{word}\"")))
            }
        }
    }

    /// A prompt in words.
    pub fn words(&self, prompt: Prompt) -> String {
        let style = prompt.style.and_then(|i| self.styles().nth(i));
        let background = prompt.background.and_then(|i| self.backgrounds().nth(i));
        let background = background.map(|name| format!("on a {name} background"));
        let name = |names: Vec<&str>, place: Option<usize>| place.map(|i| names[i].to_owned());
        let subject = match prompt.subject {
            Asked::Anything => None,
            Asked::Concept(concept) => Some(self.name(Subject::Concept(concept))),
            Asked::Riding { rider, mount } => {
                let rider = name(self.riders().collect(), rider);
                let mount = name(self.mounts().collect(), mount);
                Some([rider, Some("riding".to_owned()), mount].into_iter().flatten().collect::<Vec<_>>().join(" "))
            }
        };
        [style, subject.as_deref(), background.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" ")
    }

    fn nearest_words(&self, word: &str) -> Vec<String> {
        let mut all: Vec<&str> = Vec::new();
        for known in self.concepts().chain(self.riders()).chain(self.styles()).chain(self.backgrounds()) {
            // Most riders are concepts, too.
            if !all.contains(&known) {
                all.push(known);
            }
        }
        all.sort_by_cached_key(|known| distance(known, word));
        all.into_iter().take(OFFERED).map(str::to_owned).collect()
    }
}

/// Endings of plurals, each with that of the singular.
pub(super) const ENDINGS: [[&str; 2]; 4] = [["", ""], ["s", ""], ["es", ""], ["ies", "y"]];

/// Where in a list a word stands; either may be a plural.
fn place<'a>(mut names: impl Iterator<Item = &'a str>, word: &str) -> Option<usize> {
    let forms = singulars(word);
    names.position(|name| singulars(name).iter().any(|form| forms.contains(form)))
}

/// A word, and what it may be the plural of.
fn singulars(word: &str) -> Vec<String> {
    ENDINGS.iter().filter_map(|[plural, singular]| Some([word.strip_suffix(plural)?, singular].concat())).collect()
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

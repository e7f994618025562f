//! The state that the page has in its address, read without a page: of each panel what it runs. docs/state.md is its grammar.
//!
//! What the page writes and reads is www/state/address.ts and www/scheme/address.ts; tests/data/addresses.json, which they write, holds
//! both to the same. What only they know, the opening view and presets, they write into page.json.

#[cfg(feature = "images")]
mod images;
mod parts;
mod plane;
mod schemes;

#[cfg(feature = "images")]
pub use images::{ImagesConfiguration, read_images};
pub use plane::{Configuration, fitted, read};

use crate::error::{Error, Result};
use parts::Asked;

/// A number of a panel behind a text that has several, `...#2`, and the text before it. No state and no file of the page ends so: where a
/// state has the sign itself, it is escaped.
pub fn of_panel(text: &str) -> (&str, Option<usize>) {
    let numbered = |(before, number): (&'_ str, &str)| {
        let digits = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| number.parse().ok()).flatten().map(|number| (before.len(), number))
    };
    match text.rsplit_once('#').and_then(numbered) {
        Some((end, number)) => (&text[..end], Some(number)),
        None => (text, None),
    }
}

/// The panel that is meant, or all.
///
/// # Errors
/// [`Error::Address`] if there is no such panel.
fn chosen<T>(mut all: Vec<T>, panel: Option<usize>) -> Result<Vec<T>> {
    match panel {
        None => Ok(all),
        Some(panel) if (1..=all.len()).contains(&panel) => Ok(vec![all.swap_remove(panel - 1)]),
        Some(panel) => Err(Error::Address { problem: format!("There is no panel {panel}: it has {}.", all.len()) }),
    }
}

/// Whether a text can be a state or schemes with changes, and not only a name or a path: an address, a fragment, a query, parts of a state,
/// or schemes with what is changed of them.
pub fn is_text(text: &str) -> bool {
    Form::of(text.trim()) != Form::Word
}

#[derive(Clone, Copy, PartialEq)]
enum Form {
    /// `https://...`, `file://...`
    Address,
    /// `#v=1&...`, `v=1&...`, `schemes=...&seed=7`
    State,
    /// `?schemes=...`
    Query,
    /// `ht-1.10~weight:2`, `none,cfg`, `[...]`
    Schemes,
    /// Anything else: one name.
    Word,
}

impl Form {
    fn of(text: &str) -> Self {
        let word = text.find(|letter: char| !letter.is_ascii_lowercase()).unwrap_or(text.len());
        match text[word..].chars().next() {
            _ if text.starts_with('#') => Self::State,
            _ if text.starts_with('?') => Self::Query,
            _ if text.starts_with('[') => Self::Schemes,
            Some(':') if text[word..].starts_with("://") => Self::Address,
            Some('=') if word > 0 => Self::State,
            _ if text.contains(['~', ',']) || text == schemes::OWN => Self::Schemes,
            _ => Self::Word,
        }
    }

    /// Whether it tells of schemes, and nothing else.
    fn is_alone(self) -> bool {
        matches!(self, Self::Schemes | Self::Word)
    }

    /// What is asked for by a text of this form.
    fn asked(self, text: &str) -> Asked {
        match self {
            Self::Address => Asked::by_address(text),
            Self::Query => Asked::by_query(text),
            Self::State => Asked::by_state(text),
            _ => Asked::schemes(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_at_the_end_is_that_of_a_panel() {
        assert_eq!(of_panel("https://a.b/#v=1&seed=7#2"), ("https://a.b/#v=1&seed=7", Some(2)));
        assert_eq!(of_panel("FILE.json#12"), ("FILE.json", Some(12)));
        for text in ["https://a.b/#v=1&seed=7", "https://a.b/#why", "none", "#", "a#+2", "a#99999999999999999999999"] {
            assert_eq!(of_panel(text), (text, None));
        }
    }

    #[test]
    fn names_and_paths_are_no_texts() {
        for word in ["none", "ht-1.10", "my scheme.json", "a/b=c.json", "a.json#2", "C:\\a.json", ""] {
            assert!(!is_text(word), "{word}");
        }
        let texts = [
            "https://a.b/c",
            "file:///a/index.html",
            "#v=1",
            "?schemes=none",
            "seed=7",
            "none,cfg",
            "own",
            "[\"none\"]",
        ];
        for text in texts {
            assert!(is_text(text), "{text}");
        }
    }
}

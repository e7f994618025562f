//! What stands in a state, part by part: whatever is sampled, one noise, one clock, and of each panel a scheme.

use super::schemes::{self, Table};
use crate::error::{Error, Result};
use crate::sampling::NoiseLevels;
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

/// What only the page knows: www/state/page-file.test.ts writes it.
static PAGE: LazyLock<HashMap<String, Page>> =
    LazyLock::new(|| serde_json::from_str(include_str!("page.json")).expect("the file is the page's"));

/// The version of the format.
const VERSION: &str = "1";

/// What the page knows of a lab.
#[derive(Deserialize)]
pub(super) struct Page {
    /// What is sampled: the name of its part, and what that is in the opening view.
    subject: (String, String),
    /// Samples: the name of their part, the opening view's, and how many there can be.
    samples: (String, u64, Vec<u64>),
    seed: u64,
    schemes: String,
    /// Parts on which no run depends.
    looks: Vec<String>,
    /// States by the names of presets.
    presets: BTreeMap<String, String>,
}

impl Page {
    pub(super) fn of(lab: &str) -> &'static Self {
        &PAGE[lab]
    }
}

/// What is asked for, by the names of parts; nothing of it is checked yet.
#[derive(Default)]
pub(super) struct Asked(HashMap<String, String>);

impl Asked {
    pub(super) fn by_state(text: &str) -> Self {
        let text = text.strip_prefix('#').unwrap_or(text);
        let pair = |pair: &str| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, pair));
            (name.to_owned(), decoded(value))
        };
        Self(text.split('&').filter(|pair| !pair.is_empty()).map(pair).collect())
    }

    pub(super) fn by_query(text: &str) -> Self {
        let text = text.strip_prefix('?').unwrap_or(text);
        let schemes = text.split('&').find_map(|pair| pair.strip_prefix("schemes="));
        // As forms write it.
        schemes.map_or_else(Self::default, |value| Self::schemes(&decoded(&value.replace('+', " "))))
    }

    pub(super) fn by_address(text: &str) -> Self {
        // What a mail or a terminal has broken into lines is one address.
        let text: String = text.chars().filter(|letter| !matches!(letter, '\t' | '\n' | '\r')).collect();
        let (before, fragment) = text.split_once('#').unwrap_or((&text, ""));
        let mut asked = before.split_once('?').map_or_else(Self::default, |(_, query)| Self::by_query(query));
        // Else it is the name of a place in the text.
        if fragment.starts_with("v=") {
            asked.0.extend(Self::by_state(fragment).0);
        }
        asked
    }

    pub(super) fn schemes(text: &str) -> Self {
        Self(HashMap::from([("schemes".to_owned(), text.to_owned())]))
    }

    /// Of this lab, where it does not tell.
    pub(super) fn belongs_to(&mut self, lab: &str) {
        self.0.entry("lab".to_owned()).or_insert_with(|| lab.to_owned());
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }
}

/// What is no code of a letter stands for itself.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let code = match (first, after) {
            (b'%', [high, low, ..]) if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                u8::from_str_radix(&text[text.len() - after.len()..][..2], 16).ok()
            }
            (b'%', _) => return text.to_owned(),
            _ => None,
        };
        if first == &b'%' && code.is_none() {
            return text.to_owned();
        }
        bytes.push(code.unwrap_or(*first));
        rest = if code.is_some() { &after[2..] } else { after };
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

/// What all panels share, and of each its scheme.
#[derive(Clone)]
pub(super) struct State<S> {
    pub(super) panels: Vec<S>,
    pub(super) levels: NoiseLevels,
    pub(super) seed: u64,
    pub(super) samples: u64,
    pub(super) subject: String,
}

/// A state with what is asked for, all or nothing.
///
/// # Errors
/// [`Error::Address`] with all that was not understood.
pub(super) fn read<T: Table>(table: &T, asked: &Asked) -> Result<State<T::Scheme>> {
    let page = Page::of(T::LAB);
    let version = asked.get("v").unwrap_or(VERSION);
    if version != VERSION {
        let written: String = version.chars().take(8).collect();
        let problem = format!("The address was written by another version of the page ({written}).");
        return Err(Error::Address { problem });
    }
    let lab = asked.get("lab").unwrap_or("plane");
    if lab != T::LAB {
        let lab: String = lab.chars().take(16).collect();
        return Err(Error::Address { problem: format!("The address is of the lab {lab}, and not of {}.", T::LAB) });
    }
    let mut problems = Vec::new();
    let mut state = opening(table, page);
    for (name, change) in parts::<T>(page) {
        let Some(text) = asked.get(name) else { continue };
        if let Err(problem) = change(table, page, &mut state, text) {
            problems.push(format!("The address asks for {name} that cannot be had: {problem}."));
        }
    }
    let known = |name: &String| {
        let looks = page.looks.iter().any(|look| look == name);
        looks || ["v", "lab"].contains(&&**name) || parts::<T>(page).iter().any(|(part, _)| part == name)
    };
    let mut unknown: Vec<&str> = asked.0.keys().filter(|name| !known(name)).map(String::as_str).collect();
    if !unknown.is_empty() {
        unknown.sort_unstable();
        unknown.truncate(3);
        problems.push(format!("The address also has what is not known here: {}.", unknown.join(", ")));
    }
    if problems.is_empty() { Ok(state) } else { Err(Error::Address { problem: problems.join(" ") }) }
}

fn opening<T: Table>(table: &T, page: &Page) -> State<T::Scheme> {
    let (subject, samples) = (page.subject.1.clone(), page.samples.1);
    let levels = *table.levels_of(&table.plain());
    let mut state = State { panels: Vec::new(), levels, seed: page.seed, samples, subject };
    state.show(table, schemes::read(table, &page.schemes).expect("the opening view has schemes"));
    state
}

impl<S> State<S> {
    /// Other schemes in place of all, and the first levels of theirs that are not the usual ones.
    fn show<T: Table<Scheme = S>>(&mut self, table: &T, schemes: Vec<S>) {
        let usual = table.plain();
        let asked = schemes.iter().map(|scheme| table.levels_of(scheme));
        if let Some(levels) = asked.into_iter().find(|levels| *levels != table.levels_of(&usual)) {
            self.levels = *levels;
        }
        self.panels = schemes;
    }
}

type Change<T> = fn(&T, &Page, &mut State<<T as Table>::Scheme>, &str) -> std::result::Result<(), String>;

/// In the order in which they are read.
fn parts<T: Table>(page: &Page) -> [(&str, Change<T>); 7] {
    [
        ("preset", |table, page, state, text| {
            let names = || page.presets.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
            let preset = page.presets.get(text).ok_or_else(|| format!("there are {}", names()))?;
            *state = read(table, &Asked::by_state(preset)).map_err(|error| error.to_string())?;
            Ok(())
        }),
        (&page.subject.0, |table, _, state, text| {
            state.subject = table.subject(text)?;
            Ok(())
        }),
        ("schemes", |table, _, state, text| {
            state.show(table, schemes::read(table, text)?);
            Ok(())
        }),
        ("panels", |_, _, state, text| {
            state.panels.truncate(whole(text, "their number", 1, schemes::MOST as u64)? as usize);
            Ok(())
        }),
        ("levels", |table, _, state, text| {
            state.levels = schemes::levels(table, text, &state.levels)?;
            Ok(())
        }),
        ("seed", |_, _, state, text| {
            state.seed = whole(text, "the seed", 0, (1 << 53) - 1)?;
            Ok(())
        }),
        (&page.samples.0, |_, page, state, text| {
            let choices = &page.samples.2;
            let known = || choices.iter().map(u64::to_string).collect::<Vec<_>>().join(", ");
            let found = choices.iter().find(|number| number.to_string() == text);
            state.samples = *found.ok_or_else(|| format!("it can be one of {}", known()))?;
            Ok(())
        }),
    ]
}

fn whole(text: &str, what: &str, least: u64, most: u64) -> std::result::Result<u64, String> {
    let digits = !text.is_empty() && text.len() <= 16 && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = digits.then(|| text.parse().ok()).flatten().filter(|number| (least..=most).contains(number));
    number.ok_or_else(|| format!("{what} has to be a whole number from {least} to {most}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_decoded_as_the_page_does_it() {
        let pairs = [
            ("a%20b%2Cc", "a b,c"),
            ("%F0%9F%98%80", "😀"),
            ("100%", "100%"),
            ("%zz%20", "%zz%20"),
            ("%c3%28", "%c3%28"),
            ("+", "+"),
            ("%é", "%é"),
            ("%2", "%2"),
        ];
        for (code, text) in pairs {
            assert_eq!(decoded(code), text);
        }
    }
}

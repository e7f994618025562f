//! What a report is of: data, and the models with which it is made.

use crate::Error;
use crate::command::halves::{Half, parted};
use crate::command::models::{self, Data};
use crate::command::{Failure, text};
use crate::guidance::Scheme;
use crate::plane::distribution::{Classes, Distribution};
use crate::plane::{Model, Models};
use crate::study::{Given, Point};
use clap::Args;
use std::path::{Path, PathBuf};

/// Data and networks, as they are asked for.
#[derive(Args)]
pub struct Asked {
    #[command(flatten)]
    data: Data,
    /// A network that has learned class A of the data, in place of the main model that ships; without one there are exact models alone
    /// of data that shipped networks do not know
    #[arg(long, value_name = "MODEL")]
    main: Option<String>,
    /// One that is merely worse than that, in place of those of autoguidance
    #[arg(long, value_name = "MODEL", requires = "main")]
    guide: Option<String>,
}

/// With which models schemes are run.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// The networks that ship.
    Shipped,
    /// Networks in their place.
    Given(Given),
    /// The truth.
    Exact,
}

impl Kind {
    pub fn title(&self) -> &'static str {
        if *self == Self::Exact { "With exact scores" } else { "With networks" }
    }

    /// What its pictures are called.
    pub fn file(&self) -> &'static str {
        if *self == Self::Exact { "exact" } else { "networks" }
    }

    pub fn point(&self, scheme: &Scheme) -> Point {
        let point = Point::single(scheme);
        match self {
            Self::Shipped => point,
            Self::Given(given) => point.given(given),
            Self::Exact => point.exact(),
        }
    }
}

/// Data, and kinds of models that there are for them.
pub struct Subject {
    pub distribution: Distribution,
    pub kinds: Vec<Kind>,
    /// The options that say so, with a space before each.
    pub options: String,
}

impl Subject {
    /// # Errors
    /// If data or networks are not there, or do not go together.
    pub fn of(asked: &Asked) -> Result<Self, Failure> {
        let distribution = asked.data.distribution()?;
        let named = |name: &Option<String>| name.as_deref().map(models::named).transpose();
        let options =
            [("data", asked.data.argument()), ("main", asked.main.as_deref()), ("guide", asked.guide.as_deref())];
        let options = options.iter().filter_map(|(name, value)| Some(format!(" --{name} {}", (*value)?))).collect();
        let networks = match named(&asked.main)? {
            Some(main) => Some(Kind::Given(Given { main, guide: named(&asked.guide)? })),
            None => (distribution == Distribution::PAPER).then_some(Kind::Shipped),
        };
        let subject = Self { distribution, kinds: networks.into_iter().chain([Kind::Exact]).collect(), options };
        subject.models([])?;
        Ok(subject)
    }

    /// Whether it is what the project's own report is of.
    pub fn is_papers(&self) -> bool {
        self.distribution == Distribution::PAPER && self.kinds[0] == Kind::Shipped
    }

    /// What is sampled, in words.
    pub fn called(&self) -> String {
        if self.distribution == Distribution::PAPER { "the tree".to_owned() } else { self.distribution.called() }
    }

    /// Which networks there are, in words.
    pub fn networks(&self) -> String {
        match &self.kinds[0] {
            Kind::Shipped => "main model and guides are the trained ones of `weights/`".to_owned(),
            Kind::Given(Given { main, guide }) => {
                let guide = guide.as_ref().map_or("none".to_owned(), |guide| format!("`{guide}`"));
                format!(
                    "the main model is `{main}`, and what is merely worse than it {guide}; there is none of both classes, of class B or \
                     of heavy-tailed noise"
                )
            }
            Kind::Exact => "those that ship know the paper's tree only, and none is given".to_owned(),
        }
    }

    /// All models of some schemes as they are run, and of the networks that are given.
    ///
    /// # Errors
    /// If one is not there, or has learned other data, or another class.
    pub fn models<'a>(&self, schemes: impl IntoIterator<Item = &'a Scheme>) -> Result<Models, Failure> {
        let given = self.kinds.iter().find_map(|kind| match kind {
            Kind::Given(given) => Some(std::iter::once(given.main.clone()).chain(given.guide.clone())),
            _ => None,
        });
        let names = schemes.into_iter().flat_map(Scheme::models);
        let models = models::load(self.distribution.clone(), names.chain(given.clone().into_iter().flatten()))?;
        for name in given.into_iter().flatten() {
            if let Model::Network(network) = models.of(&Scheme { main: name.clone(), ..Scheme::default() })?.0
                && network.says("condition").is_some_and(|condition| condition != Classes::A.to_string())
            {
                return Err(Error::invalid("A network of a report", "of class A, which it judges", name).into());
            }
        }
        Ok(models)
    }

    /// The folder that is asked for, or that of the project's own report.
    ///
    /// # Errors
    /// If none is asked for, and this is not the project's.
    pub fn folder(&self, asked: Option<&PathBuf>) -> Result<PathBuf, Failure> {
        match asked {
            Some(folder) => Ok(folder.clone()),
            None if self.is_papers() => Ok("docs".into()),
            None => {
                let sentence = "docs/report.md is of the paper's tree and of the networks that ship.";
                Err(Failure::new(sentence, "Give this report a folder of its own by --out DIR."))
            }
        }
    }

    /// Make sure that the half of a report that is to stay is of the same.
    ///
    /// # Errors
    /// If it is of other data or networks.
    pub fn expect_same(&self, path: &str, remade: Option<Half>) -> Result<(), Failure> {
        let Some(remade) = remade.filter(|_| Path::new(path).exists()) else { return Ok(()) };
        let before = text::read(Some(path))?;
        let (proposal, since) = parted(&before);
        let kept = if remade == Half::Proposal { since } else { proposal };
        match options(kept) {
            Some(options) if !options.split_whitespace().eq(self.options.split_whitespace()) => {
                let of = if options.is_empty() { "no such options" } else { &options };
                let sentence = format!("The half of {path} that would stay was made with {of}.");
                Err(Failure::new(sentence, "Give another --out, or make both halves."))
            }
            _ => Ok(()),
        }
    }
}

/// The options with which half a report says that it was made, but for those that say how much of it.
fn options(half: &str) -> Option<String> {
    let (_, rest) = half.split_once("Written by `guidance-playground report")?;
    let (command, _) = rest.split_once('`')?;
    let command = command.replace("--half since", "").replace("--quick", "");
    Some(command.split_whitespace().collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_half_says_what_it_is_of() {
        let of =
            |command: &str| options(&format!("# Title\n\nWritten by `guidance-playground {command}`: more `text`."));
        assert_eq!(of("report").as_deref(), Some(""));
        assert_eq!(of("report --half since --quick").as_deref(), Some(""));
        assert_eq!(of("report --half since --data two-moons --quick").as_deref(), Some("--data two-moons"));
        assert_eq!(options("# Title\n\ntext\n"), None);
    }
}

//! What is run on the plane.

use super::parts::{self, State};
use super::schemes::Table;
use super::{Form, chosen, of_panel};
use crate::error::Result;
use crate::guidance::catalogue::Control;
use crate::guidance::{Degradation, Guide, ModelName, Noise, Scheme};
use crate::json::whole;
use crate::plane::catalogue::{complete, named, network_of, schemes};
use crate::plane::distribution::Distribution;
use crate::plane::exact_model;
use crate::sampling::NoiseLevels;
use serde::{Deserialize, Serialize};

/// A scheme and, where that is told, of which particles it was run on which data: what the page exports as `config`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Configuration {
    /// Its models have their conditions.
    pub scheme: Scheme,
    /// Of the noise.
    #[serde(deserialize_with = "some_whole")]
    pub seed: Option<u64>,
    /// How many.
    #[serde(deserialize_with = "some_whole")]
    pub particles: Option<u64>,
    /// By its name.
    pub distribution: Option<String>,
}

fn some_whole<'de, D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Option<u64>, D::Error> {
    whole(deserializer).map(Some)
}

/// Of each panel what the page would run: by an address that the page copied, its fragment, its query, parts of a state
/// (`schemes=none,ht-1.10~weight:2&seed=7`). Of schemes alone (a name, `ht-1.10~weight:2`, a list in JSON) seed, particles and data are
/// not told. `#2` at the end is the second panel alone.
///
/// Whether a scheme makes sense, its [`Plan`](crate::plan::Plan) tells.
///
/// # Errors
/// [`Error::Address`](crate::Error::Address) with all that was not understood: nothing is left out. What only says how results are looked
/// at is passed over.
pub fn read(text: &str) -> Result<Vec<Configuration>> {
    let (text, panel) = of_panel(text.trim());
    let form = Form::of(text);
    let state = parts::read(&Plane, &form.asked(text))?;
    let configured = |scheme| if form.is_alone() { alone(scheme) } else { configuration(scheme, &state) };
    chosen(state.panels.iter().map(configured).collect(), panel)
}

/// With the levels that it asks for itself.
fn alone(scheme: &Scheme) -> Configuration {
    Configuration { scheme: scheme.clone(), ..Configuration::default() }
}

fn configuration(scheme: &Scheme, state: &State<Scheme>) -> Configuration {
    let scheme = Scheme { levels: state.levels, ..fitted(scheme, &state.subject) };
    let distribution = Some(state.subject.clone());
    Configuration { scheme, seed: Some(state.seed), particles: Some(state.samples), distribution }
}

struct Plane;

impl Table for Plane {
    type Scheme = Scheme;
    const LAB: &'static str = "plane";

    fn named(&self, id: &str) -> Option<Scheme> {
        named(id)
    }

    fn guided(&self) -> Scheme {
        let row = schemes().into_iter().find(|row| row.scheme.guide.is_some());
        row.expect("there is a guided scheme").scheme
    }

    fn model(&self, name: ModelName) -> Result<ModelName> {
        complete(name)
    }

    fn levels_of<'a>(&self, scheme: &'a Scheme) -> &'a NoiseLevels {
        &scheme.levels
    }

    fn controls(&self) -> Vec<Control> {
        let control = |(field, parameter, _): crate::parameter::Setting| Control {
            path: format!("/{field}"),
            whole: parameter.whole,
            parameter: *parameter,
        };
        NoiseLevels::default().settings().map(control).to_vec()
    }

    fn subject(&self, text: &str) -> std::result::Result<String, String> {
        let name = text.parse::<Distribution>().map_err(|error| error.to_string().trim_end_matches('.').to_owned())?;
        Ok(name.to_string())
    }
}

/// How much more noise takes the place of less training, where there are no networks.
const LESSER: f64 = 1.1;

/// A scheme as it can be had for data: exact models in place of networks that learned other data (www/scheme/fit.ts).
pub fn fitted(scheme: &Scheme, data: &str) -> Scheme {
    let knows = |name: &ModelName| network_of(name).is_none_or(|network| network.data == data);
    let truth = |name: &ModelName| network_of(name).map_or_else(|| name.clone(), |row| exact_model(row.condition));
    let main = if knows(&scheme.main) { scheme.main.clone() } else { truth(&scheme.main) };
    let exact = |guide: &Guide| {
        let name = guide.name();
        let Some(network) = network_of(&name).filter(|_| !knows(&name)) else { return guide.clone() };
        let noise = network.noise;
        // What is lost in the network's stead is replaced: its heavy tails as they are, its faults by more noise.
        let same = exact_model(network.condition) == main && noise == Noise::Gaussian && guide.sigma_scale == 1.0;
        let sigma_scale = if same { LESSER } else { guide.sigma_scale };
        let degradation = Degradation::None;
        Guide { noise, sigma_scale, noise_shift: 0.0, degradation, ..guide.clone() }
            .named(exact_model(network.condition))
    };
    Scheme { guide: scheme.guide.as_ref().map(exact), main, ..scheme.clone() }
}

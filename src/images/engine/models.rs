//! Models of pictures by name, and in the form that tiles are evaluated with.

use crate::error::{Error, Result};
use crate::guidance::{EXACT, ModelName};
use crate::images::network::{Level, Network, NetworkLanes, TILE_PICTURES, Workspace as NetworkWorkspace};
use crate::images::{ExactLanes, ExactLevel, ExactWorkspace, NUMBERS, Prompt, World};
use std::sync::{Arc, Mutex};

/// A world, and the networks that have learned it.
pub struct Models {
    world: Arc<World>,
    networks: Vec<(String, Arc<NetworkLanes>)>,
    /// Exact models, each made when it is first asked for.
    exact: Mutex<Vec<(Prompt, Arc<ExactLanes>)>>,
}

impl Models {
    /// Those of a world; at first its exact model alone, `exact`.
    pub fn new(world: Arc<World>) -> Self {
        Self { world, networks: Vec::new(), exact: Mutex::default() }
    }

    /// Add a network, or put it in place of the one of that name.
    pub fn add(&mut self, name: &str, network: &Network) {
        self.networks.retain(|(other, _)| other != name);
        self.networks.push((name.to_owned(), Arc::new(NetworkLanes::new(network))));
    }

    /// What is to be seen.
    pub fn world(&self) -> &Arc<World> {
        &self.world
    }

    /// Names of all models.
    pub fn names(&self) -> Vec<&str> {
        [EXACT].into_iter().chain(self.networks.iter().map(|(name, _)| name.as_str())).collect()
    }

    fn exact(&self, prompt: Prompt) -> Result<Arc<ExactLanes>> {
        let mut all = self.exact.lock().expect("no thread panics while it holds them");
        if let Some((_, known)) = all.iter().find(|(other, _)| *other == prompt) {
            return Ok(Arc::clone(known));
        }
        let exact = Arc::new(ExactLanes::new(&self.world, prompt)?);
        all.push((prompt, Arc::clone(&exact)));
        Ok(exact)
    }

    /// The model of this name under its condition, a prompt in words; under `prompt`, if it has none.
    ///
    /// # Errors
    /// If there is no such model, or the prompt is not one.
    pub(super) fn get(&self, name: &ModelName, prompt: &str) -> Result<Model> {
        let prompt = self.world.prompt(name.condition.as_deref().unwrap_or(prompt))?;
        if name.model == EXACT {
            return Ok(Model::Exact(self.exact(prompt)?));
        }
        match self.networks.iter().find(|(known, _)| *known == name.model) {
            Some((_, network)) => Ok(Model::Network(Arc::clone(network), prompt)),
            None => {
                let expected = format!("one of {}", self.names().join(", "));
                Err(Error::invalid("A model of pictures", expected, &name.model))
            }
        }
    }
}

/// A model under a prompt.
pub(super) enum Model {
    Exact(Arc<ExactLanes>),
    Network(Arc<NetworkLanes>, Prompt),
}

/// What of it depends on the noise level.
pub(super) enum AtLevel {
    Exact(ExactLevel),
    Network(Box<Level>),
}

/// Its room for a tile.
pub(super) enum Workspace {
    Exact(ExactWorkspace),
    Network(Box<NetworkWorkspace>),
}

impl Model {
    /// At noise level `sigma`; a network is told `told` in its place.
    pub(super) fn at(&self, sigma: f64, told: f64) -> AtLevel {
        match self {
            Self::Exact(exact) => AtLevel::Exact(exact.level(sigma)),
            Self::Network(network, prompt) => AtLevel::Network(Box::new(network.level(*prompt, sigma, told))),
        }
    }

    /// The same for networks that are told other than the prompt: of each picture of a tile what `change` makes of its vector; none
    /// of an exact model, which is told nothing.
    pub(super) fn at_each(&self, sigma: f64, told: f64, change: impl Fn(usize, &[f64]) -> Vec<f64>) -> Option<AtLevel> {
        match self {
            Self::Exact(_) => None,
            Self::Network(network, prompt) => {
                Some(AtLevel::Network(Box::new(network.level_of_each(*prompt, sigma, told, change))))
            }
        }
    }

    pub(super) fn workspace(&self) -> Workspace {
        match self {
            Self::Exact(exact) => Workspace::Exact(exact.workspace()),
            Self::Network(network, _) => Workspace::Network(Box::new(network.workspace())),
        }
    }

    /// D of a tile.
    pub(super) fn evaluate(&self, level: &AtLevel, workspace: &mut Workspace, x: &[f32], out: &mut [f32]) {
        match (self, level, workspace) {
            (Self::Network(network, _), AtLevel::Network(level), Workspace::Network(workspace)) => {
                network.evaluate(level, workspace, x, out);
            }
            (Self::Exact(exact), AtLevel::Exact(level), Workspace::Exact(workspace)) => {
                exact.evaluate(level, workspace, x, out);
            }
            _ => unreachable!("a level and a workspace belong to their model"),
        }
    }

    /// Log-densities of the tile that was evaluated last, which only an exact model knows.
    pub(super) fn log_densities(
        &self,
        level: &AtLevel,
        workspace: &Workspace,
        x: &[f32],
    ) -> Option<[f64; TILE_PICTURES]> {
        match (self, level, workspace) {
            (Self::Exact(exact), AtLevel::Exact(level), Workspace::Exact(workspace)) => {
                Some(exact.log_densities(level, workspace, x))
            }
            _ => None,
        }
    }
}

/// A picture of a tile.
pub(super) fn picture(tile: &[f32], lane: usize) -> Vec<f64> {
    debug_assert_eq!(tile.len(), NUMBERS * TILE_PICTURES);
    tile[lane..].iter().step_by(TILE_PICTURES).map(|v| f64::from(*v)).collect()
}

/// Put a picture into a tile.
pub(super) fn put(tile: &mut [f32], lane: usize, picture: impl IntoIterator<Item = f64>) {
    for (to, v) in tile[lane..].iter_mut().step_by(TILE_PICTURES).zip(picture) {
        *to = v as f32;
    }
}

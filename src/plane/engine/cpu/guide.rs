//! A guide, which may be another network in each step.

use super::model::{AtLevel, CpuModel};
use crate::error::Result;
use crate::plan::Row;
use crate::plane::Model;
use crate::plane::network::NetworkScratch;
use std::sync::{Arc, Mutex};

/// Steps whose networks are kept, each of some 100 kB: those that pieces of a run's work are in.
const KEPT: usize = 16;

pub(super) struct Guide {
    model: Model,
    /// As it is in the first step.
    first: Arc<CpuModel>,
    /// As it is in some steps, if it is another in each.
    others: Mutex<Vec<(usize, Arc<CpuModel>)>>,
}

impl Guide {
    pub(super) fn new(model: Model) -> Result<Self> {
        Ok(Self { first: Arc::new(CpuModel::new(&model)?), others: Mutex::default(), model })
    }

    /// Whether it is another network in each step.
    pub(super) fn is_fresh(&self) -> bool {
        matches!(self.model, Model::Fresh(..))
    }

    /// At a noise level, in whatever step.
    pub(super) fn at(&self, sigma: f64) -> AtLevel {
        self.first.at(sigma)
    }

    pub(super) fn scratch(&self) -> NetworkScratch {
        self.first.scratch()
    }

    /// As it is in a step.
    pub(super) fn in_step(&self, row: &Row) -> Arc<CpuModel> {
        let step = row.time[0].step as usize;
        if step == 0 || !self.is_fresh() {
            return Arc::clone(&self.first);
        }
        let mut others = self.others.lock().expect("no thread panics while it holds the lock");
        if let Some((_, known)) = others.iter().find(|(number, _)| *number == step) {
            return Arc::clone(known);
        }
        let Ok(made) = CpuModel::new(&self.model.in_step(step)).map(Arc::new) else {
            unreachable!("only a Student-t is refused");
        };
        if others.len() == KEPT {
            others.clear();
        }
        others.push((step, Arc::clone(&made)));
        made
    }
}

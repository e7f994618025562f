//! Tests of the crate and its command from outside, against numbers made elsewhere (see tests/reference/README.md).
//! One binary, so that there is one link.

#![cfg(not(target_arch = "wasm32"))]

#[cfg(feature = "command")]
mod addresses;
#[cfg(feature = "command")]
mod command;
#[cfg(all(feature = "command", unix))]
mod copied;
mod correctors;
mod distributions;
mod explanation;
mod gpu;
mod images;
mod images_exact;
mod images_gpu;
mod images_metrics;
mod images_own_rule;
#[cfg(feature = "command")]
mod images_report;
mod images_rules;
mod images_sampler;
mod images_schemes;
mod images_study;
mod in_situ;
mod json;
mod metrics;
mod network;
mod own_data;
mod own_rule;
mod papers;
mod plain;
mod properties;
mod repository;
mod rules;
mod sampler;
mod schemes;
mod scores;
#[cfg(feature = "command")]
mod since;
#[cfg(feature = "command")]
mod study;
mod tiles;
mod tree;
mod yardsticks;

use guidance_playground::plane::Models;
use guidance_playground::plane::distribution::{Classes, Mixture};
use std::sync::{Arc, LazyLock};

static MODELS: LazyLock<Models> = LazyLock::new(Models::new);

/// The paper's tree, or a class of it.
fn mixture(classes: Classes) -> &'static Arc<Mixture> {
    MODELS.mixture(classes)
}

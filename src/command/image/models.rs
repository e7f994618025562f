//! The world and the networks that come with the command.

use crate::command::Failure;
use crate::command::models::WEIGHTS;
use crate::guidance::EXACT;
use crate::images::engine::Models;
use crate::images::network::Network;
use crate::images::{Scheme, World};
use crate::{Error, Result};
use flate2::read::GzDecoder;
use std::io::Read;
use std::sync::Arc;

static SPRITES: &[u8] = include_bytes!("../../../sprites/sprites.safetensors.gz");

/// Where the networks of pictures lie among all.
const FOLDER: &str = "images";

/// Well above the widest network that is read.
const LARGEST: u64 = 256 << 20;

/// What is to be seen.
pub fn world() -> Result<World> {
    let mut bytes = Vec::new();
    GzDecoder::new(SPRITES).read_to_end(&mut bytes).expect("the sprites are packed");
    World::new(&bytes)
}

/// The models of a scheme: built in, shipped, or of a file.
pub fn load(scheme: &Scheme) -> std::result::Result<Models, Failure> {
    load_all(&[scheme])
}

/// Those of several schemes.
pub fn load_all(schemes: &[&Scheme]) -> std::result::Result<Models, Failure> {
    let mut models = Models::new(Arc::new(world()?));
    for name in schemes.iter().flat_map(|scheme| scheme.models()) {
        let model = &*name.model;
        if model == EXACT || models.names().contains(&model) {
            continue;
        }
        let bytes = bytes(model)?;
        let network = Network::from_safetensors(&bytes, models.world()).map_err(|e| e.in_file(model))?;
        models.add(model, &network);
    }
    Ok(models)
}

/// The file of a network that comes with the command, or of one's own.
pub fn bytes(model: &str) -> std::result::Result<Vec<u8>, Failure> {
    match WEIGHTS.get_file(format!("{FOLDER}/{model}.safetensors")) {
        Some(file) => Ok(file.contents().to_vec()),
        None if model.ends_with(".safetensors") => Ok(read(model)?),
        None => {
            let expected = format!("{EXACT}, {}, or a safetensors file", shipped().join(", "));
            Err(Error::invalid("A model of pictures", expected, model).into())
        }
    }
}

/// Names of the networks that come with the command.
fn shipped() -> Vec<&'static str> {
    let files = WEIGHTS.get_dir(FOLDER).into_iter().flat_map(|folder| folder.files());
    files.filter_map(|file| file.path().file_name()?.to_str()?.strip_suffix(".safetensors")).collect()
}

fn read(path: &str) -> Result<Vec<u8>> {
    let failed = |e: std::io::Error| Error::File { path: path.to_owned(), problem: e.to_string() };
    let mut bytes = Vec::new();
    std::fs::File::open(path).and_then(|file| file.take(LARGEST).read_to_end(&mut bytes)).map_err(failed)?;
    Ok(bytes)
}

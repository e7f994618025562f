//! `image prompts`: the words of prompts.

use super::models;
use crate::command::{Outcome, points};
use clap::Args;

/// List the words that prompts are made of; or say how a prompt is read.
#[derive(Args)]
pub struct Prompts {
    /// A prompt to be read
    #[arg(value_name = "WORDS")]
    prompt: Option<String>,
}

impl Prompts {
    pub fn run(self) -> Outcome {
        let world = models::world()?;
        if let Some(prompt) = &self.prompt {
            let words = world.read(prompt)?;
            let read = world.words(words.prompt);
            let mut text = format!("{}\n", if read.is_empty() { "anything" } else { &read });
            for (word, near) in words.unknown {
                text += &format!("unknown: {word}; near it are {}\n", near.join(", "));
            }
            return Ok(points::print(&text)?);
        }
        let list = |title: &str, names: Vec<&str>| format!("{title}: {}\n", names.join(", "));
        let unseen: Vec<String> = world.unseen().map(|subject| world.name(subject)).collect();
        let text = [
            "[STYLE] [CONCEPT] [on a BACKGROUND background], or RIDER riding MOUNT in place of a concept\n".to_owned(),
            list("Styles", world.styles().collect()),
            list("Concepts", world.concepts().collect()),
            list("Backgrounds", world.backgrounds().collect()),
            list("Riders", world.riders().collect()),
            list("Mounts", world.mounts().collect()),
            list("Pairs that no network has seen", unseen.iter().map(String::as_str).collect()),
        ];
        Ok(points::print(&text.concat())?)
    }
}

//! Which processor works: `--engine`, `--software`, `--adapter`.

use crate::command::Failure;
use crate::gpu::Gpu;
use clap::{Args, ValueEnum};
use pollster::block_on;
use std::rc::Rc;

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Engine {
    /// The processor
    Cpu,
    /// The graphics processor
    Gpu,
}

#[derive(Args)]
pub struct Chosen {
    /// What computes
    #[arg(long, value_enum, default_value_t = Engine::Cpu)]
    engine: Engine,
    /// Take a graphics processor that is emulated in software, where there is no other
    #[arg(long)]
    software: bool,
    /// The graphics processor with this in its name; the one that the system prefers otherwise
    #[arg(long, value_name = "NAME", conflicts_with = "software")]
    adapter: Option<String>,
}

impl Chosen {
    /// The graphics processor, if that is to compute.
    pub fn open(&self) -> Result<Option<Rc<Gpu>>, Failure> {
        if self.engine == Engine::Cpu {
            return match self.adapter {
                Some(_) => {
                    Err(Failure::from("--adapter chooses a graphics processor: give --engine gpu too.".to_owned()))
                }
                None => Ok(None),
            };
        }
        let opened = block_on(async {
            match &self.adapter {
                Some(name) => Gpu::named(name).await,
                None => Gpu::open(self.software).await,
            }
        });
        Ok(Some(Rc::new(opened?)))
    }
}

//! `schemes`: the catalogue.

use crate::{Outcome, points};
use clap::Args;
use guidance_playground::guidance::catalogue::{self, Control, Variant};
use std::fmt::Write;

/// List every scheme, preset, schedule, combination and solver, with formulas, parameters and references.
#[derive(Args)]
pub struct Schemes {
    /// The whole catalogue as JSON, ranges and all
    #[arg(long)]
    json: bool,
}

fn controls(controls: &[Control]) -> String {
    let one = |c: &Control| {
        let p = &c.parameter;
        format!("{} = {} ({} to {})", p.symbol, p.default, p.least, p.greatest)
    };
    controls.iter().map(one).collect::<Vec<_>>().join(", ")
}

impl Schemes {
    pub fn run(self) -> Outcome {
        let table = catalogue::catalogue();
        if self.json {
            let text = serde_json::to_string_pretty(&table).expect("the catalogue is plain data");
            return Ok(points::print(&format!("{text}\n"))?);
        }
        let mut text = String::from(
            "s1 and D1 are the main model's score and denoised estimate, s0 and D0 the guide's; w the weight, 1 being no\n\
             guidance; u the fraction of sampling that is done. Parameters: default (accepted range).\n\nSchemes\n",
        );
        let mut entry = |head: &str, lines: &[&str]| {
            let _ = writeln!(text, "  {head}");
            for line in lines.iter().filter(|line| !line.is_empty()) {
                let _ = writeln!(text, "      {line}");
            }
        };
        for s in &table.schemes {
            let head = format!("{:<22}{}", s.id, s.name);
            entry(&head, &[s.formula, s.explanation, &controls(&s.parameters), s.reference]);
        }
        let mut part = |title: &str, name: &str, variants: &[Variant]| {
            let _ = writeln!(text, "\n{title} (--over {name}=...)");
            for v in variants {
                let _ = writeln!(text, "  {:<22}{}: {}", v.id, v.name, v.formula);
                for line in [v.explanation, &controls(&v.parameters)].into_iter().filter(|line| !line.is_empty()) {
                    let _ = writeln!(text, "      {line}");
                }
            }
        };
        part("Weights over time", "schedule", &table.schedules);
        part("What they multiply", "reading", &table.readings);
        part("Combinations", "combination", &table.combinations);
        part("Spaces", "space", &table.spaces);
        part("Solvers", "solver", &table.solvers);
        part("Noise levels", "spacing", &table.spacings);
        text.push_str("\nSettings of papers\n");
        for p in &table.presets {
            let _ = writeln!(text, "  {:<22}{} ({})", p.id, p.name, p.reference);
        }
        Ok(points::print(&text)?)
    }
}

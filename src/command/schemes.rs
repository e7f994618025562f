//! `schemes`: the catalogue.

use crate::command::{Outcome, points, scheme};
use crate::guidance::catalogue::{Control, Variant};
use crate::plane::catalogue::{self, Catalogue};
use clap::Args;
use std::fmt::Write;

/// List every scheme, preset, schedule, combination and solver, with formulas, parameters and references; or show one.
#[derive(Args)]
pub struct Schemes {
    /// One scheme or preset, whole: what stands in the list, and the description
    #[arg(value_name = "NAME")]
    name: Option<String>,
    /// The whole catalogue as JSON, ranges and all; of one scheme the description alone, as files have it
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
        if let Some(name) = &self.name {
            return self.one(name, &table);
        }
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

    fn one(&self, name: &str, table: &Catalogue) -> Outcome {
        let kind = table.schemes.iter().find(|s| s.id == name).map(|s| {
            let guides = format!("Guides: {}", s.guides.join(", "));
            let guides = if s.guides.is_empty() { String::new() } else { guides };
            (&s.scheme, [s.name, s.formula, s.explanation, &controls(&s.parameters), &guides, s.reference].join("\n"))
        });
        let preset = || {
            table.presets.iter().find(|p| p.id == name).map(|p| {
                let (formula, explanation) = table.told(&p.scheme);
                (&p.scheme, [p.name, formula, &explanation, p.reference].join("\n"))
            })
        };
        let (scheme, words) = kind.or_else(preset).ok_or_else(|| scheme::unknown(name))?;
        let json = serde_json::to_string_pretty(scheme).expect("a scheme is plain data");
        if self.json {
            return Ok(points::print(&format!("{json}\n"))?);
        }
        let words: String = words.lines().filter(|line| !line.is_empty()).map(|line| format!("{line}\n")).collect();
        Ok(points::print(&format!("{words}\n{json}\n"))?)
    }
}

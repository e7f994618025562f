//! `evaluate`: log-density and score of a model at given points.

use crate::Error;
use crate::command::{Outcome, models, points};
use crate::plane::Model;
use crate::plane::distribution::student;
use crate::plane::exact_classes;
use clap::Args;
use nalgebra::Vector2;

/// Log-density and score of a model at points: CSV x,y,log_density,score_x,score_y on standard output.
///
/// Computed in double precision. The log-density of a network is unnormalised.
#[derive(Args)]
#[command(after_help = models::list())]
pub struct Evaluate {
    /// exact:A, exact:B, exact:AB, a shipped network or a safetensors file
    #[arg(long)]
    model: String,
    #[command(flatten)]
    data: models::Data,
    /// Noise level: standard deviation of the added noise, 0 or more (networks: above 0)
    #[arg(long, allow_negative_numbers = true)]
    sigma: f64,
    /// CSV with the header x,y; - is standard input
    #[arg(long, value_name = "FILE.csv")]
    points: String,
    /// Ask the model at K times sigma
    #[arg(long, value_name = "K", default_value_t = 1.0, allow_negative_numbers = true)]
    sigma_scale: f64,
    /// Ask an exact model under Student-t noise of NU degrees of freedom and scale sigma in place of Gaussian noise
    #[arg(long, value_name = "NU", allow_negative_numbers = true)]
    degrees_of_freedom: Option<f64>,
}

impl Evaluate {
    pub fn run(self) -> Outcome {
        let name = models::named(&self.model)?;
        let positive = exact_classes(&name).is_none() || self.degrees_of_freedom.is_some();
        let sigma = self.sigma * self.sigma_scale;
        let level = |what: &'static str, value: f64, positive: bool| {
            let range = if positive { "a finite number above 0" } else { "a finite number of 0 or more" };
            let fits = value.is_finite() && (value > 0.0 || value == 0.0 && !positive);
            if fits { Ok(()) } else { Err(Error::invalid(what, range, value)) }
        };
        level("The noise level", self.sigma, positive)?;
        level("The noise level's factor", self.sigma_scale, true)?;
        level("The noise level times its factor", sigma, positive)?;
        let models = models::load(self.data.distribution()?, [name.clone()])?;
        let model = match (models.get(&name)?, self.degrees_of_freedom) {
            (model, None) => model,
            (Model::Exact(mixture), Some(nu)) => student::nodes(nu).map(|_| Model::StudentT(mixture, nu))?,
            _ => {
                let sentence = "--degrees-of-freedom is for exact models: a network has those it was trained for.";
                return Err(sentence.to_owned().into());
            }
        };
        let at = points::read(Some(&self.points))?.points;
        let mut rows = Vec::with_capacity(at.len());
        for &[x, y] in &at {
            let (log_density, score) = model.evaluate(Vector2::new(x, y), sigma);
            let row = [x, y, log_density, score.x, score.y].map(|v| v as f32);
            if !row.iter().all(|v| v.is_finite()) {
                return Err(format!("At ({x}, {y}) and sigma {sigma} the result leaves the range of numbers.").into());
            }
            rows.push(row.map(|v| v.to_string()));
        }
        Ok(points::write(None, "x,y,log_density,score_x,score_y", rows)?)
    }
}

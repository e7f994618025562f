//! What models say of a tile, and what a scheme makes of it: in a run's steps, and for anyone who asks.

use super::models::{picture, put};
use super::sampler::{Sampler, Scratch, Stage, Tile, list};
use crate::guidance::rule::{Carries, Moment, Place, Rule, Update};
use crate::images::network::TILE_PICTURES;
use crate::images::rules::{Estimates, add, at_level_tile, guided, guided_tile, is_of_tiles, share_at_level};
use crate::images::{Finish, NUMBERS};
use crate::lanes::Buffer;
use crate::plan::Row;

/// What is told of pictures at the beginning of a step, as data ([`NUMBERS`] each).
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    /// D of the main model.
    pub main: Vec<f32>,
    /// D of the guide at its own noise level; none, where a scheme has no guide.
    pub guide: Option<Vec<f32>>,
    /// What the scheme makes of both.
    pub guided: Vec<f32>,
}

/// What models say of a tile.
struct Answers {
    main: Buffer,
    /// At its own noise level; none, where it is not asked.
    guide: Option<Buffer>,
    negatives: Vec<Buffer>,
    /// Logarithms of main over guide, where a rule is told these.
    ratios: [f64; TILE_PICTURES],
}

impl Sampler {
    /// What the models say of pictures, the run's picture `first` and those after it, where they are at the beginning of `step`, and
    /// what the scheme makes of it in the step's first stage. A network is not defined without noise, so that after the last step it is
    /// asked as in the last step. A rule with a memory is read as in a run's first step.
    ///
    /// # Panics
    /// If a picture is not whole.
    pub fn told(&self, first: usize, pictures: &[f32], step: usize) -> Told {
        assert!(pictures.len().is_multiple_of(NUMBERS), "pictures are whole");
        let last = step.min(self.steps() - 1);
        let (index, row) = (self.plan.last_row(last), self.plan.step(last));
        let mut scratch = self.scratch();
        let empty = || Vec::with_capacity(pictures.len());
        let mut told = Told { main: empty(), guide: self.guide.as_ref().map(|_| empty()), guided: empty() };
        for (place, pictures) in pictures.chunks(NUMBERS * TILE_PICTURES).enumerate() {
            let mut tile = self.tile(first + place * TILE_PICTURES);
            for (lane, of) in pictures.chunks_exact(NUMBERS).enumerate() {
                put(&mut tile.x, lane, of.iter().map(|&v| f64::from(v)));
            }
            if step == last {
                self.kick(&mut tile, index);
            }
            let x = tile.x.clone();
            let answers = self.ask(tile.first, index, 0, &x, true, &mut scratch);
            let count = pictures.len() / NUMBERS;
            list(&answers.main, count, &mut told.main);
            if let (Some(of), Some(to)) = (&answers.guide, &mut told.guide) {
                list(of, count, to);
            }
            let asked = self.away(index, 0) || self.plan.asks_guide(&row, 0);
            let answers = Answers { guide: answers.guide.filter(|_| asked), ..answers };
            list(&self.follow(&mut tile, (index, &row), 0, Place::Beginning, &x, answers), count, &mut told.guided);
        }
        self.leave(scratch);
        told
    }

    /// The guided estimates of a tile at `x` in a stage of a row.
    pub(super) fn estimate(
        &self,
        tile: &mut Tile,
        index: usize,
        stage: usize,
        x: &[f32],
        scratch: &mut Scratch,
    ) -> Buffer {
        let row = &self.plan.rows[index];
        let guide = self.away(index, stage) || self.plan.asks_guide(row, stage);
        let answers = self.ask(tile.first, index, stage, x, guide, scratch);
        self.follow(tile, (index, row), stage, Place::of(index, stage), x, answers)
    }

    /// Whether a negative prompt counts in a stage of a row.
    fn away(&self, index: usize, stage: usize) -> bool {
        self.negative_weights[index].iter().any(|weights| weights[stage] != 0.0)
    }

    fn ask(&self, first: usize, index: usize, stage: usize, x: &[f32], guide: bool, scratch: &mut Scratch) -> Answers {
        let row = &self.plan.rows[index];
        let annealed = self.annealed(first, index, row.stages[stage]);
        let level: &Stage = annealed.as_ref().unwrap_or_else(|| self.stage(row.stages[stage]));
        let nothing = || Buffer::zeros(x.len());
        let mut answers = Answers { main: nothing(), guide: None, negatives: Vec::new(), ratios: [0.0; TILE_PICTURES] };
        self.main.evaluate(&level.main, &mut scratch.main, x, &mut answers.main);
        if let (Some(model), Some(of_guide), Some(workspace)) = (&self.guide, &level.guide, &mut scratch.guide)
            && guide
        {
            let out = answers.guide.insert(nothing());
            model.evaluate(of_guide, workspace, x, out);
            if self.rule.carries == Carries::Ratio
                && let Some(own) = self.main.log_densities(&level.main, &scratch.main, x)
                && let Some(others) = model.log_densities(of_guide, workspace, x)
            {
                answers.ratios = std::array::from_fn(|lane| own[lane] - others[lane]);
            }
        }
        if self.away(index, stage) {
            for ((model, level), workspace) in self.negatives.iter().zip(&level.negatives).zip(&mut scratch.negatives) {
                let mut out = nothing();
                model.evaluate(level, workspace, x, &mut out);
                answers.negatives.push(out);
            }
        }
        answers
    }

    /// What the scheme makes of what models say, in a stage of a row, which may have another weight than in the plan.
    fn follow(
        &self,
        tile: &mut Tile,
        (index, row): (usize, &Row),
        stage: usize,
        place: Place,
        x: &[f32],
        answers: Answers,
    ) -> Buffer {
        let Answers { main, mut guide, negatives, mut ratios } = answers;
        if guide.is_none() && !self.rule.alone && self.scheme.finish == Finish::None {
            return main;
        }
        if let Some(guide) = &mut guide {
            at_level_tile(x, share_at_level(self.plan.sigma_scale, self.scheme.guidance.space), guide);
        }
        if [Carries::Number, Carries::Evidence].contains(&self.rule.carries) {
            if place == Place::Beginning {
                tile.evidence = [0.0; TILE_PICTURES];
            }
            ratios = tile.evidence;
        }
        let mut moments =
            ratios.map(|ratio| Moment { place, weight: row.weights[stage], ..self.plan.moment(index, stage, ratio) });
        let guide = guide.as_ref().unwrap_or(&main);
        let weights = self.negative_weights[index].iter().map(|weights| weights[stage]);
        let negatives: Vec<(f64, &[f32])> =
            weights.zip(&negatives).filter(|(w, _)| *w != 0.0).map(|(w, of)| (w, &**of)).collect();
        let estimates = Estimates { x, main: &main, guide, negatives: &negatives };
        let mut out = Buffer::zeros(x.len());
        if is_of_tiles(&self.scheme) {
            let rule = self.plan.rule([index, stage]);
            guided_tile(rule, &self.scheme, &self.data, &mut moments, &estimates, &mut tile.memory, &mut out);
        } else {
            self.one_by_one(self.plan.rule([index, stage]), &mut moments, &estimates, &mut tile.memory, &mut out);
        }
        if self.rule.carries == Carries::Number {
            tile.evidence = moments.map(|moment| moment.ratio);
        }
        if let Some(Update { keep, .. }) = row.update.filter(|_| place != Place::Second) {
            let [mut mean, mut apart] = [(); 2].map(|()| Buffer::zeros(x.len()));
            add(&[(keep, x), (1.0 - keep, guide)], &mut mean);
            add(&[(1.0, &main), (-1.0, guide)], &mut apart);
            tile.told = Some([mean, apart]);
        }
        out
    }

    /// Guided estimates picture by picture, of schemes that are none of tiles.
    fn one_by_one(
        &self,
        rule: Rule<'_>,
        moments: &mut [Moment<f64>; TILE_PICTURES],
        estimates: &Estimates<'_, f32>,
        memory: &mut [f32],
        out: &mut [f32],
    ) {
        let mut nothing = vec![0.0; NUMBERS];
        for (lane, moment) in moments.iter_mut().enumerate() {
            let [x, main, guide] = [estimates.x, estimates.main, estimates.guide].map(|tile| picture(tile, lane));
            let negatives: Vec<(f64, Vec<f64>)> =
                estimates.negatives.iter().map(|(weight, tile)| (*weight, picture(tile, lane))).collect();
            let negatives: Vec<(f64, &[f64])> = negatives.iter().map(|(weight, n)| (*weight, n.as_slice())).collect();
            let estimates = Estimates { x: &x, main: &main, guide: &guide, negatives: &negatives };
            if memory.is_empty() {
                put(out, lane, guided(rule, &self.scheme, &self.data, moment, &estimates, &mut nothing));
            } else {
                let mut own = picture(memory, lane);
                put(out, lane, guided(rule, &self.scheme, &self.data, moment, &estimates, &mut own));
                put(memory, lane, own);
            }
        }
    }
}

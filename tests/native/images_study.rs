//! The report of pictures in its parts: what is drawn, what of it is kept, and what several noises say together.

use crate::images::WORLD;
use guidance_playground::images::engine::{Models, RunConfig, Sampler};
use guidance_playground::images::metrics::{Evaluator, METRICS, Scores, difference};
use guidance_playground::images::study::{Evidence, Job, OverNoises, Seen, draw, pairs};
use guidance_playground::images::{Distribution, NUMBERS, Prompt, Scheme};
use guidance_playground::random::Stream;
use guidance_playground::statistics::Difference;
use std::collections::BTreeMap;
use std::sync::Arc;

fn steps(count: u32) -> Scheme {
    let mut scheme = Scheme::default();
    scheme.guidance.levels.steps = count;
    scheme
}

#[test]
fn jobs_are_drawn_as_runs_of_their_own() {
    let models = Models::new(Arc::new(WORLD.clone()));
    let job = |prompt: &str, numbers| Job { prompt: prompt.to_owned(), numbers };
    let jobs = [job("rocket", 0..2), job("noto cat", 7..8), job("rocket", 2..3)];
    let expected: Vec<f32> = (jobs.iter())
        .flat_map(|Job { prompt, numbers }| {
            let run = RunConfig { scheme: steps(3), prompt: prompt.clone(), seed: 5 };
            Sampler::new(&run, &models).unwrap().sample(numbers.clone(), 1)
        })
        .collect();
    for threads in [1, 2, 8] {
        assert_eq!(draw(&steps(3), &jobs, 5, &models, threads, &|| true), Ok(Some(expected.clone())));
    }
    assert_eq!(draw(&steps(3), &jobs, 5, &models, 2, &|| false), Ok(None));
    let unknown = [job("rokcet", 0..1)];
    assert!(draw(&steps(3), &unknown, 5, &models, 1, &|| true).unwrap_err().to_string().contains("rocket"));
}

/// So many perfect samples of some prompts with a little noise; of a fault, each is half of black to white brighter.
fn samples(prompts: &[Prompt], seed: u64, fault: f32) -> Vec<Vec<f32>> {
    let sample = |(i, &prompt): (usize, &Prompt)| {
        let distribution = Distribution::new(&WORLD, prompt).unwrap();
        let (picture, _) = distribution.sample(seed, Stream::Start, i as u64);
        let grain = |(place, v): (usize, f64)| v as f32 + 0.02 * ((place * (i + 3)) % 7) as f32 + fault;
        WORLD.data(picture).unwrap().into_iter().enumerate().map(grain).collect()
    };
    prompts.iter().enumerate().map(sample).collect()
}

fn asked(count: usize) -> Vec<Prompt> {
    ["rocket", "dog"].iter().flat_map(|words| std::iter::repeat_n(WORLD.prompt(words).unwrap(), count)).collect()
}

#[test]
fn what_was_seen_is_kept_to_the_last_digit() {
    let (evaluator, prompts) = (Evaluator::new(Arc::new(WORLD.clone())), asked(4));
    let mut all = samples(&prompts, 3, 0.0);
    all[5][17] = f32::NAN;
    let scores = evaluator.scores(&all, &prompts, 2).unwrap();
    let text = serde_json::to_string(&Seen::new(&scores.readings, &WORLD)).unwrap();
    let seen: Seen = serde_json::from_str(&text).unwrap();
    let readings = seen.readings(&WORLD, 8).unwrap();
    assert_eq!((&readings, readings[5]), (&scores.readings, None));
    let again = evaluator.scores_of(readings, &prompts).unwrap();
    assert_eq!((again.values, again.estimates()), (scores.values, scores.estimates()));

    assert!(seen.readings(&WORLD, 9).unwrap_err().to_string().contains("9 pictures"));
    let first = text.split("\"picture\":[").nth(1).unwrap().split(',').next().unwrap();
    let strange = text.replacen(&format!("\"picture\":[{first},"), "\"picture\":[999999,", 1);
    let strange: Seen = serde_json::from_str(&strange).unwrap();
    assert!(strange.readings(&WORLD, 8).unwrap_err().to_string().contains("999999"));
    assert!(evaluator.scores_of(vec![None; 8], &prompts).unwrap_err().to_string().contains("8"));
    assert!(
        evaluator.scores_of(scores.readings, &prompts[1..]).unwrap_err().to_string().contains("one for each sample")
    );
}

#[test]
fn noises_are_told_together() {
    let (evaluator, prompts) = (Evaluator::new(Arc::new(WORLD.clone())), asked(8));
    let scores = |fault: f32| -> Vec<Scores> {
        (1..4).map(|seed| evaluator.scores(&samples(&prompts, seed, fault), &prompts, 2).unwrap()).collect()
    };
    let (plain, faulty) = (scores(0.0), scores(0.1));
    let runs = [("plain".to_owned(), &plain[..]), ("faulty".to_owned(), &faulty[..])];
    let evidence = Evidence::new(&runs, BTreeMap::new()).unwrap();
    let apart = evidence.differences[&["faulty".to_owned(), "plain".to_owned()]];
    let over = OverNoises::of(&plain);
    for (i, metric) in METRICS.iter().enumerate() {
        let each: Option<Vec<Difference>> =
            faulty.iter().zip(&plain).map(|(a, b)| difference(a, b).unwrap().into_list()[i]).collect();
        let Some(each) = each else {
            assert!(apart[i].is_none() && over[i].is_none() && evidence.values["plain"][i].is_none(), "{}", metric.id);
            continue;
        };
        let mean = each.iter().map(|d| d.value).sum::<f64>() / 3.0;
        let error = each.iter().map(|d| d.standard_error.powi(2)).sum::<f64>().sqrt() / 3.0;
        let found = apart[i].unwrap();
        assert!((found.value - mean).abs() <= 1e-12 * mean.abs() && (found.standard_error - error).abs() < 1e-12);
        let values: Vec<f64> = plain.iter().map(|s| s.values.into_list()[i].unwrap()).collect();
        let mean = values.iter().sum::<f64>() / 3.0;
        let deviation = (values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / 2.0).sqrt();
        assert!((over[i].unwrap().deviation.unwrap() - deviation).abs() <= 1e-9 * (1.0 + deviation), "{}", metric.id);
        assert_eq!(evidence.values["plain"][i], Some(over[i].unwrap().mean));
    }
    // Brighter by .05 of black to white, for which their places say nothing: farther from all pictures.
    let distance = METRICS.iter().position(|m| m.id == "distance").unwrap();
    assert!(apart[distance].unwrap().value > 10.0 * apart[distance].unwrap().standard_error);
}

#[test]
fn unseen_pairs_have_partners_that_were_seen() {
    let pairs = pairs(&WORLD);
    assert_eq!(pairs.len(), WORLD.unseen().count());
    let names: Vec<[String; 2]> = pairs.iter().map(|pair| pair.map(|subject| WORLD.name(subject))).collect();
    assert!(names.iter().any(|[unseen, _]| unseen == "astronaut riding horse"), "{names:?}");
    for ([unseen, seen], names) in pairs.into_iter().zip(&names) {
        assert!(!WORLD.is_seen(unseen) && WORLD.is_seen(seen));
        let [a, b] = names.each_ref().map(|name| name.split(' ').next());
        assert_eq!(a, b);
        assert!(
            draw(
                &steps(2),
                &[Job { prompt: names[1].clone(), numbers: 0..1 }],
                1,
                &Models::new(Arc::new(WORLD.clone())),
                1,
                &|| true
            )
            .is_ok_and(|pictures| pictures.is_some_and(|all| all.len() == NUMBERS))
        );
    }
}

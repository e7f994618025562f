//! Schemes of pictures: as JSON, what is refused of them, what follows from them, and the table of their parts.

use guidance_playground::guidance::{self, Combination, Guide, Interval, Reading, Schedule};
use guidance_playground::images::catalogue::parts;
use guidance_playground::images::{Bands, Cads, Finish, Negative, Scheme};
use guidance_playground::sampling::{NoiseLevels, Solver};

fn negative(weight: f64) -> Negative {
    Negative { prompt: "on a night background".to_owned(), weight }
}

fn cads() -> Cads {
    Cads { begin: 0.1, end: 0.4, strength: 0.25, mix: 1.0 }
}

/// A network guided away from itself without a prompt.
fn guided() -> Scheme {
    let guide = Some(Guide::new("net", 1.0));
    let guidance = guidance::Scheme { main: "net:rocket".into(), guide, weight: 3.0, ..Scheme::default().guidance };
    Scheme { guidance, ..Scheme::default() }
}

#[test]
fn schemes_survive_json_and_defaults_fill_them() {
    let scheme = Scheme {
        bands: Some(Bands { high: 1.0, low: 0.4 }),
        negatives: vec![negative(1.5)],
        finish: Finish::Rescale { share: 0.7 },
        cads: Some(cads()),
        ..guided()
    };
    scheme.validate().unwrap();
    let text = serde_json::to_string(&scheme).unwrap();
    assert_eq!(serde_json::from_str::<Scheme>(&text).unwrap(), scheme, "{text}");
    assert!(text.contains(r#""main":{"model":"net","condition":"rocket"}"#) && text.contains(r#""finish":{"rescale""#));
    let read = |text: &str| serde_json::from_str::<Scheme>(text);
    assert_eq!(read("{}").unwrap(), Scheme::default());
    // Pictures have levels of their own, and these are kept of which nothing is said.
    let levels = Scheme::default().guidance.levels;
    assert_eq!((levels.steps, levels.max), (16, 80.0));
    let short = read(r#"{"weight":2,"levels":{"steps":12},"finish":{"threshold":{"quantile":0.99}}}"#).unwrap();
    let guidance =
        guidance::Scheme { weight: 2.0, levels: NoiseLevels { steps: 12, ..levels }, ..Scheme::default().guidance };
    assert_eq!(short, Scheme { guidance, finish: Finish::Threshold { quantile: 0.99 }, ..Scheme::default() });
    for bad in [
        r#"{"wieght":2}"#,
        r#"{"levels":{"step":2}}"#,
        r#"{"bands":{"high":1}}"#,
        r#"{"bands":{"high":1,"low":1,"middle":1}}"#,
        r#"{"finish":"rescale"}"#,
        r#"{"finish":{"rescale":{"share":"all"}}}"#,
        r#"{"negatives":["night"]}"#,
        r#"{"cads":{"begin":0.1,"end":0.4,"strength":0.25,"mix":1,"tau1":0.6}}"#,
    ] {
        assert!(read(bad).is_err(), "{bad}");
    }
    let named = read(r#"{"wieght":2}"#).unwrap_err().to_string();
    assert!(named.contains("wieght"), "{named}");
}

#[test]
fn what_makes_no_sense_is_refused_with_the_reason() {
    let bands = Some(Bands { high: 1.0, low: 0.4 });
    let rescale = Finish::Rescale { share: 0.7 };
    let threshold = Finish::Threshold { quantile: 0.995 };
    let alone = Scheme::default();
    let with = |combination, solver| Scheme {
        guidance: guidance::Scheme { combination, solver, ..guided().guidance },
        ..guided()
    };
    let plus_plus = with(Combination::CfgPlusPlus, Solver::Euler);
    let mut corrected = with(Combination::FeynmanKac { threshold: 0.5 }, Solver::ReverseSde);
    corrected.guidance.main = "exact:rocket".into();
    corrected.guidance.guide = Some(Guide::new("exact", 1.0));
    corrected.validate().unwrap();
    let cases = [
        (Scheme { finish: rescale, ..corrected }, "it is FeynmanKac"),
        (Scheme { guidance: guidance::Scheme { weight: 99.0, ..guided().guidance }, ..guided() }, "guidance weight"),
        (Scheme { bands: Some(Bands { high: 1.0, low: -0.1 }), ..guided() }, "large areas must be between 0 and 10"),
        (Scheme { finish: Finish::Rescale { share: 1.1 }, ..guided() }, "share of the rescaled"),
        (Scheme { finish: Finish::Threshold { quantile: f64::NAN }, ..guided() }, "quantile of the colours"),
        (Scheme { negatives: vec![negative(-1.0)], ..guided() }, "negative prompt must be between"),
        (Scheme { cads: Some(Cads { strength: -1.0, ..cads() }), ..guided() }, "strength of the noise on the prompt"),
        (
            Scheme { cads: Some(Cads { begin: 0.4, ..cads() }), ..guided() },
            "from an earlier to a later; it is 0.4 to 0.4",
        ),
        (Scheme { cads: Some(cads()), ..alone.clone() }, "must be a network"),
        (Scheme { bands, ..alone.clone() }, "used with guidance"),
        (Scheme { finish: rescale, ..alone.clone() }, "used with guidance"),
        (Scheme { negatives: vec![negative(1.0)], ..alone.clone() }, "used with a guide"),
        (Scheme { bands, ..plus_plus.clone() }, "it is CfgPlusPlus"),
        (Scheme { finish: threshold, ..plus_plus.clone() }, "follows the guided estimate alone"),
        (Scheme { negatives: vec![negative(1.0)], ..plus_plus.clone() }, "follows the guided estimate alone"),
    ];
    for (scheme, expected) in cases {
        let message = scheme.validate().unwrap_err().to_string();
        assert!(message.contains(expected), "{message} / {expected}");
    }
    plus_plus.validate().unwrap();
    Scheme { finish: threshold, ..alone.clone() }.validate().unwrap();
    let momentum = Combination::Momentum { strength: 0.5, rate: 0.6 };
    let own = guidance::Scheme { combination: momentum, ..alone.guidance.clone() };
    Scheme { guidance: own, bands, finish: rescale, ..alone }.validate().unwrap();
    Scheme { bands, negatives: vec![negative(1.0)], finish: rescale, cads: Some(cads()), ..guided() }
        .validate()
        .unwrap();
}

#[test]
fn negative_prompts_follow_the_schedule_and_the_interval() {
    let scheme = Scheme { negatives: vec![negative(2.0), negative(0.5)], ..guided() };
    let names: Vec<String> = scheme.models().iter().map(ToString::to_string).collect();
    assert_eq!(names, ["net:rocket", "net", "net:on a night background", "net:on a night background"]);
    let sigmas = [8.0, 4.0, 2.0, 1.0, 0.5, 0.0];
    let weights = |schedule, reading, interval| {
        let guidance = guidance::Scheme { schedule, reading, interval, ..guided().guidance };
        let scheme = Scheme { guidance, ..scheme.clone() };
        (0..5).map(|i| scheme.negative_weights(&sigmas, i)).collect::<Vec<_>>()
    };
    let constant = weights(Schedule::Static, Reading::Excess, None);
    assert!(constant.iter().all(|of| of[..] == [[2.0; 2], [0.5; 2]]));
    let linear = [[0.0, 1.0], [1.0, 2.0], [2.0, 3.0], [3.0, 4.0], [4.0, 4.0]];
    for reading in [Reading::Excess, Reading::Raw] {
        let found = weights(Schedule::Linear, reading, None);
        assert_eq!(found.iter().map(|of| of[0]).collect::<Vec<_>>(), linear, "{reading:?}");
        let inside = weights(Schedule::Static, reading, Some(Interval { low: 1.0, high: 4.0 }));
        assert_eq!(inside.iter().map(|of| of[0][0]).collect::<Vec<_>>(), [0.0, 2.0, 2.0, 0.0, 0.0], "{reading:?}");
    }
}

/// Each row, put into a guided scheme, is a scheme; its pointers lead to its numbers, which are the defaults of their controls.
#[test]
fn the_table_has_every_part() {
    let rows = parts();
    let names: Vec<&str> = rows.iter().map(|row| &*row.id).collect();
    assert_eq!(names, ["bands", "negatives", "rescale", "threshold", "cads"]);
    for row in rows {
        let mut scheme = serde_json::to_value(guided()).unwrap();
        let fields = row.value.as_object().unwrap();
        scheme.as_object_mut().unwrap().extend(fields.clone());
        let read: Scheme = serde_json::from_value(scheme).unwrap();
        read.validate().unwrap();
        assert_ne!(read, guided(), "{}", row.id);
        assert!([row.name, row.formula, row.explanation, row.reference].iter().all(|words| !words.is_empty()));
        for control in &row.parameters {
            let value = row.value.pointer(&control.path).unwrap().as_f64().unwrap();
            let parameter = control.parameter;
            assert_eq!(value, parameter.default, "{}", control.path);
            assert!(
                parameter.least <= parameter.from
                    && parameter.from < parameter.to
                    && parameter.to <= parameter.greatest
            );
        }
    }
}

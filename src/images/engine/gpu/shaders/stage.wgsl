// What a stage of a step makes of pictures and estimates (twin of `Sampler::step` in images/engine/sampler.rs and of
// images/rules).

struct Stage {
    // Coefficients of x, the guided estimate, the one before and noise: where pictures are,
    x: vec4f,
    // where models are asked next,
    point: vec4f,
    // and what is the estimate before for the next stage.
    estimate: vec4f,
    // Coefficients of D1, eps1, d and m in the guided estimate less D1, where no inner products are asked.
    push: vec4f,
    // Numbers of the rule, in the order of its fields.
    rule: vec4f,
    // Weights of negative prompts.
    away: array<vec4f, 2>,
    // Of colours from -1 to 1 those that are 0 as data.
    middle: vec4f,
    // Of a rule of one's own: `time` and `steps` of `Moment`.
    time: vec4f,
    steps: vec2f,
    sigma: f32,
    weight: f32,
    // Of the guide's own answer in what it says at sigma.
    share: f32,
    // Of rescaling: a of its v = a x - D.
    kept: f32,
    // How much of rescaling, or how far beyond the size of `rank` the quantile is.
    finish: f32,
    // Factors of the bands of what the rule adds.
    high: f32,
    low: f32,
    place: u32,
    // Whether a guide was asked, the rule adds anything, and inner products are asked; whether estimates are finished, and there is noise.
    guided: u32,
    pushed: u32,
    mixed: u32,
    finished: u32,
    noisy: u32,
    // First number of the guide's estimates, and of those of negative prompts; how many of these there are, and numbers of each.
    guide: u32,
    negative: u32,
    negatives: u32,
    condition: u32,
    rank: u32,
}


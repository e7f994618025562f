// Rules that make one score of the main model's and the guide's (twin of `Combination::combine` in
// guidance/combination.rs). The prelude says which one: COMBINATION.

const LERP = 0u;
const APG = 1u;
const CFG_ZERO_STAR = 2u;
const TCFG = 3u;
const NORM_CLIP = 4u;
const MOMENTUM = 5u;
const POWER_LAW = 6u;
const FEYNMAN_KAC = 7u;

// Places in a run: memory begins anew in its first stage, and is only read in second stages.
const BEGINNING = 0u;
const FIRST = 1u;
const SECOND = 2u;

struct StageContext {
    // sigma^2 of the main model's level.
    variance: f32,
    // Guidance weight.
    weight: f32,
    // The numbers of the combination, in the order of its fields.
    rule: vec4f,
    place: u32,
}

// Shorter than any score that matters; keeps quotients finite where a score vanishes.
const TINY = 1e-30;

// `a`, no longer than `radius`; 0 is no bound.
fn clip(a: vec2f, radius: f32) -> vec2f {
    let length = sqrt(dot(a, a));
    if (radius > 0.0 && length > radius) {
        return radius / length * a;
    }
    return a;
}

// The part of `a` along `axis`.
fn projection(a: vec2f, axis: vec2f) -> vec2f {
    return dot(a, axis) / max(dot(axis, axis), TINY) * axis;
}

// The guided score of a particle at `at`; `memory` holds what it carries.
fn combine(context: StageContext, at: vec2f, main: vec2f, guide: vec2f, memory: ptr<function, vec4f>) -> vec2f {
    let difference = main - guide;
    if (COMBINATION == APG) {
        if (context.place == BEGINNING) {
            *memory = vec4f();
        }
        var push = context.variance * difference + context.rule.x * (*memory).xy;
        if (context.place != SECOND) {
            *memory = vec4f(push, (*memory).zw);
        }
        push = clip(push, context.rule.z);
        let parallel = projection(push, at + context.variance * main);
        return main + (context.weight - 1.0) / context.variance * (push - parallel + context.rule.y * parallel);
    }
    if (COMBINATION == CFG_ZERO_STAR) {
        let fitted = projection(main, guide);
        return fitted + context.weight * (main - fitted);
    }
    if (COMBINATION == TCFG) {
        // Leading eigenvector of main main^T + guide guide^T, by the angle of a symmetric 2 x 2 matrix.
        let squares = main * main + guide * guide;
        let b = main.x * main.y + guide.x * guide.y;
        let half = 0.5 * (squares.x - squares.y);
        let root = sqrt(half * half + b * b);
        let axis = select(vec2f(b, root - half), vec2f(half + root, b), half > 0.0);
        let damped = projection(guide, axis);
        return damped + context.weight * (main - damped);
    }
    if (COMBINATION == NORM_CLIP) {
        return main + clip((context.weight - 1.0) * context.variance * difference, context.rule.x) / context.variance;
    }
    if (COMBINATION == MOMENTUM) {
        let estimate = at + context.variance * main;
        if (context.place == BEGINNING) {
            *memory = vec4f(estimate, (*memory).zw);
        }
        let away = estimate - (*memory).xy;
        if (context.place != SECOND) {
            *memory = vec4f((*memory).xy + context.rule.y * away, (*memory).zw);
        }
        return main + context.rule.x / context.variance * away;
    }
    if (COMBINATION == POWER_LAW) {
        let length = context.variance * sqrt(dot(difference, difference));
        let factor = select(pow(max(length, TINY), context.rule.x), 1.0, context.rule.x == 0.0);
        return main + (context.weight - 1.0) * factor * difference;
    }
    return guide + context.weight * difference;
}

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

struct Moment {
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
fn combine(now: Moment, at: vec2f, main: vec2f, guide: vec2f, memory: ptr<function, vec4f>) -> vec2f {
    let difference = main - guide;
    if (COMBINATION == APG) {
        if (now.place == BEGINNING) {
            *memory = vec4f();
        }
        var push = now.variance * difference + now.rule.x * (*memory).xy;
        if (now.place != SECOND) {
            *memory = vec4f(push, (*memory).zw);
        }
        push = clip(push, now.rule.z);
        let parallel = projection(push, at + now.variance * main);
        return main + (now.weight - 1.0) / now.variance * (push - parallel + now.rule.y * parallel);
    }
    if (COMBINATION == CFG_ZERO_STAR) {
        let fitted = projection(main, guide);
        return fitted + now.weight * (main - fitted);
    }
    if (COMBINATION == TCFG) {
        // Leading eigenvector of main main^T + guide guide^T, by the angle of a symmetric 2 x 2 matrix.
        let squares = main * main + guide * guide;
        let b = main.x * main.y + guide.x * guide.y;
        let half = 0.5 * (squares.x - squares.y);
        let root = sqrt(half * half + b * b);
        let axis = select(vec2f(b, root - half), vec2f(half + root, b), half > 0.0);
        let damped = projection(guide, axis);
        return damped + now.weight * (main - damped);
    }
    if (COMBINATION == NORM_CLIP) {
        return main + clip((now.weight - 1.0) * now.variance * difference, now.rule.x) / now.variance;
    }
    if (COMBINATION == MOMENTUM) {
        let estimate = at + now.variance * main;
        if (now.place == BEGINNING) {
            *memory = vec4f(estimate, (*memory).zw);
        }
        let away = estimate - (*memory).xy;
        if (now.place != SECOND) {
            *memory = vec4f((*memory).xy + now.rule.y * away, (*memory).zw);
        }
        return main + now.rule.x / now.variance * away;
    }
    if (COMBINATION == POWER_LAW) {
        let length = now.variance * sqrt(dot(difference, difference));
        let factor = select(pow(max(length, TINY), now.rule.x), 1.0, now.rule.x == 0.0);
        return main + (now.weight - 1.0) * factor * difference;
    }
    return guide + now.weight * difference;
}

// Every rule as a function of inner products (twin of `mix` in guidance/rule/mix.rs, which says where the formulas come from). The
// prelude says which one: COMBINATION.

const LINEAR = 0u;
const APG = 1u;
const CFG_ZERO_STAR = 2u;
const TCFG = 3u;
const NORM_CLIP = 4u;
const MOMENTUM = 5u;
const POWER_LAW = 6u;
const TSR = 7u;
const FEEDBACK = 8u;
const NEGATIVE = 9u;

// Places in a run: memory begins anew in its first stage, and is only read in second stages.
const BEGINNING = 0u;
const FIRST = 1u;
const SECOND = 2u;

struct Moment {
    sigma: f32,
    // Guidance weight.
    weight: f32,
    place: u32,
    // The numbers of the combination, in the order of its fields.
    rule: vec4f,
    // log p1 - log p0, or what is known of it.
    ratio: f32,
    // Of a rule of one's own sigma_next, u in both stages, and k; which step it is, and how many there are.
    time: vec4f,
    steps: vec2f,
}

// Inner products of D1, eps1, d and m.
struct Gram {
    one_one: f32,
    one_eps: f32,
    one_d: f32,
    one_m: f32,
    eps_eps: f32,
    eps_d: f32,
    eps_m: f32,
    d_d: f32,
    d_m: f32,
    m_m: f32,
}

// Coefficients on them: of the guided estimate less D1, and of what is remembered next.
struct Mix {
    push: vec4f,
    memory: vec4f,
}

// Smaller than any square that matters; keeps quotients finite where a vector vanishes.
const TINY = 1e-30;

// What a length is multiplied by so that it is no longer than a radius; 0 is no bound.
fn bound(length: f32, radius: f32) -> f32 {
    if (radius > 0.0 && length > radius) {
        return radius / length;
    }
    return 1.0;
}

fn mix_rule(moment: Moment, gram: Gram) -> Mix {
    let sigma = moment.sigma;
    let excess = moment.weight - 1.0;
    let unchanged = vec4f(0.0, 0.0, 0.0, 1.0);
    if (COMBINATION == APG) {
        let beta = select(moment.rule.x, 0.0, moment.place == BEGINNING);
        let square = gram.d_d + beta * (gram.d_m + gram.d_m + beta * gram.m_m);
        let size = excess * bound(sqrt(max(square, 0.0)), moment.rule.z);
        let along = (gram.one_d + beta * gram.one_m) / max(gram.one_one, TINY);
        let next = select(vec4f(0.0, 0.0, 1.0, beta), unchanged, moment.place == SECOND);
        return Mix(vec4f(-size * (1.0 - moment.rule.y) * along, 0.0, size, size * beta), next);
    }
    if (COMBINATION == CFG_ZERO_STAR) {
        let guide_d = -(sigma * gram.eps_d + gram.d_d);
        let guide_guide = sigma * (sigma * gram.eps_eps + gram.eps_d) - guide_d;
        let misfit = -guide_d / max(guide_guide, TINY);
        return Mix(vec4f(0.0, -sigma * excess * misfit, excess * (1.0 - misfit), 0.0), unchanged);
    }
    if (COMBINATION == TCFG) {
        let score_d = -sigma * gram.eps_d;
        let p_q = 2.0 * score_d - gram.d_d;
        let half = 2.0 * (sigma * sigma * gram.eps_eps - score_d);
        let root = sqrt(half * half + p_q * p_q);
        let axis = select(vec2f(p_q, root - half), vec2f(half + root, p_q), half > 0.0);
        let leading = axis / max(sqrt(dot(axis, axis)), TINY);
        let score = leading.y * (leading.x + leading.y);
        return Mix(vec4f(0.0, -sigma * excess * score, excess * (0.5 - leading.x * leading.y), 0.0), unchanged);
    }
    if (COMBINATION == NORM_CLIP) {
        return Mix(vec4f(0.0, 0.0, excess * bound(abs(excess) * sqrt(gram.d_d), moment.rule.x), 0.0), unchanged);
    }
    if (COMBINATION == MOMENTUM) {
        if (moment.place == BEGINNING) {
            return Mix(vec4f(), vec4f(1.0, 0.0, 0.0, 0.0));
        }
        let next = select(vec4f(moment.rule.y, 0.0, 0.0, 1.0 - moment.rule.y), unchanged, moment.place == SECOND);
        return Mix(vec4f(moment.rule.x, 0.0, 0.0, -moment.rule.x), next);
    }
    if (COMBINATION == TSR) {
        let variance = moment.rule.y * moment.rule.y;
        let narrowed = variance / moment.rule.x;
        let more = (variance - narrowed) / (narrowed + sigma * sigma);
        return Mix(vec4f(0.0, -sigma * more, (1.0 + more) * excess, 0.0), unchanged);
    }
    if (COMBINATION == FEEDBACK) {
        let rest = (1.0 - moment.rule.x) * exp(-moment.ratio);
        var own = moment.rule.y;
        if (rest < 1.0) {
            own = min(1.0 / (1.0 - rest), own);
        }
        return Mix(vec4f(0.0, 0.0, own - 1.0 + excess, 0.0), unchanged);
    }
    if (COMBINATION == NEGATIVE) {
        let posterior = min(moment.rule.y * exp(-moment.ratio), moment.rule.z);
        return Mix(vec4f(0.0, 0.0, moment.rule.x * posterior / (1.0 - posterior) + excess, 0.0), unchanged);
    }
    if (COMBINATION == POWER_LAW) {
        let factor = exp(0.5 * moment.rule.x * log(max(gram.d_d, TINY)));
        return Mix(vec4f(0.0, 0.0, excess * factor, 0.0), unchanged);
    }
    return Mix(vec4f(0.0, 0.0, excess, 0.0), unchanged);
}

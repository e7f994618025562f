// A mixture's precisions at a run's noise levels, from a table (twin of `Smoothing` in distribution/lanes). The names model_* become
// main_* and guide_*.

// (groups, nodes, 0, 0); then for each noise level and node: of every group the inverse covariance xx, xy, yy, and the
// square root of the inverse's determinant; and (log of the node's weight, 0, 0, 0).
@group(MODEL_GROUP) @binding(1) var<storage, read> model_levels: array<vec4f>;

struct model_Smoothing {
    // Logarithm of the node's share of the noise.
    log_weight: f32,
    // Where its precisions begin.
    table: u32,
}

fn model_counts() -> vec2u {
    return vec2u(model_levels[0].xy);
}

fn model_smoothing(level: u32, node: u32, particle: u32) -> model_Smoothing {
    let counts = model_counts();
    let table = 1u + (level * counts.y + node) * (counts.x + 1u);
    return model_Smoothing(model_levels[table + counts.x].x, table);
}

fn model_precision(smoothing: model_Smoothing, group: u32) -> vec4f {
    return model_levels[smoothing.table + group];
}

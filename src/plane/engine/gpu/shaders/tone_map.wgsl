// Counts of particles as colours: the tone map of www/plane/drawing/point-look.ts, which points.ts has too.

@group(1) @binding(0) var counts: texture_2d<f32>;

@vertex
fn place_counts(@builtin(vertex_index) vertex: u32) -> @builtin(position) vec4f {
    return vec4f(corner_of(vertex), 0.0, 1.0);
}

@fragment
fn draw_counts(@builtin(position) position: vec4f) -> @location(0) vec4f {
    let count = textureLoad(counts, vec2i(position.xy), 0).x;
    let ink = picture.tone * log(1.0 + count);
    let colour = mix(picture.particle.rgb, picture.dense.rgb, clamp(ink - 1.0, 0.0, 1.0));
    return inked(vec4f(colour, 1.0), ink);
}

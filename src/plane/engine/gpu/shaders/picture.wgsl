// What all parts of a picture know: where the data is on the canvas, and between which steps.

struct Picture {
    // Clip coordinates are scale times data plus offset.
    scale: vec2f,
    offset: vec2f,
    // Clip units to a pixel.
    pixel: vec2f,
    // The steps before and after, and how far from one to the other.
    before: u32,
    after: u32,
    fraction: f32,
    // Particles whose paths are drawn, and half the width of a line in pixels.
    paths: u32,
    line: f32,
    // Log-densities of class A and B at their outlines.
    level_a: f32,
    level_b: f32,
    // Data units to a pixel.
    unit: f32,
    // Ink is this times log(1 + particles): 1 is the colour of one, solid, 2 that of the densest places.
    tone: f32,
    // Colours are not premultiplied.
    region_a: vec4f,
    outline_a: vec4f,
    region_b: vec4f,
    outline_b: vec4f,
    path: vec4f,
    particle: vec4f,
    dense: vec4f,
}

@group(0) @binding(0) var<uniform> picture: Picture;

fn inked(colour: vec4f, coverage: f32) -> vec4f {
    let alpha = colour.a * clamp(coverage, 0.0, 1.0);
    return vec4f(colour.rgb * alpha, alpha);
}

// The corners of a square, -1 to 1, as a strip.
fn corner_of(vertex: u32) -> vec2f {
    return vec2f(f32(vertex % 2u), f32(vertex / 2u)) * 2.0 - 1.0;
}

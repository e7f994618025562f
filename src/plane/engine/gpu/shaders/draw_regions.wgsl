// Where the data is: the regions above a log-density, and their outlines, of both classes.

struct Grid {
    // Lower left corner, in data units.
    corner: vec2f,
    // Distance of neighbouring points.
    spacing: f32,
    side: u32,
}

@group(1) @binding(0) var<uniform> grid: Grid;
// (score, log-density, 0) of class A, then of B, at every point; rows upwards.
@group(1) @binding(1) var<storage, read> values: array<vec4f>;

@vertex
fn place_regions(@builtin(vertex_index) vertex: u32) -> @builtin(position) vec4f {
    return vec4f(corner_of(vertex), 0.0, 1.0);
}

// Between the four points around; x and y are counted in spacings.
fn value_at(x: u32, y: u32, part: vec2f, class_index: u32) -> vec4f {
    let at = 2u * (y * grid.side + x) + class_index;
    let low = mix(values[at], values[at + 2u], part.x);
    let high = mix(values[at + 2u * grid.side], values[at + 2u * grid.side + 2u], part.x);
    return mix(low, high, part.y);
}

fn shade(under: vec4f, value: vec4f, level: f32, region: vec4f, outline: vec4f) -> vec4f {
    // Pixels inside the outline: the log-density above its level, over its slope.
    let inside = (value.z - level) / max(length(value.xy) * picture.unit, 1e-6);
    let filled = inked(region, inside + 0.5);
    let drawn = inked(outline, picture.line + 0.5 - abs(inside));
    let colour = filled + under * (1.0 - filled.a);
    return drawn + colour * (1.0 - drawn.a);
}

@fragment
fn draw_regions(@builtin(position) position: vec4f) -> @location(0) vec4f {
    let clip = vec2f(position.x * picture.pixel.x - 1.0, 1.0 - position.y * picture.pixel.y);
    let at = ((clip - picture.offset) / picture.scale - grid.corner) / grid.spacing;
    let last = f32(grid.side - 1u);
    if (any(at < vec2f(0.0)) || any(at >= vec2f(last))) {
        return vec4f();
    }
    let x = u32(at.x);
    let y = u32(at.y);
    let part = fract(at);
    let b = shade(vec4f(), value_at(x, y, part, 1u), picture.level_b, picture.region_b, picture.outline_b);
    return shade(b, value_at(x, y, part, 0u), picture.level_a, picture.region_a, picture.outline_a);
}

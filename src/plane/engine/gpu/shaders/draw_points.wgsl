// Particles as small discs.

struct Mark {
    colour: vec4f,
    // In pixels.
    radius: f32,
}

@group(2) @binding(0) var<uniform> mark: Mark;

struct Disc {
    @builtin(position) position: vec4f,
    // From the centre, in pixels.
    @location(0) offset: vec2f,
}

@vertex
fn place_points(@builtin(vertex_index) vertex: u32, @builtin(instance_index) particle: u32) -> Disc {
    let offset = corner_of(vertex) * (mark.radius + 1.0);
    let centre = position_at(particle) * picture.scale + picture.offset;
    return Disc(vec4f(centre + offset * picture.pixel, 0.0, 1.0), offset);
}

fn coverage(disc: Disc) -> f32 {
    return clamp(mark.radius + 0.5 - length(disc.offset), 0.0, 1.0);
}

// One over the other.
@fragment
fn draw_points(disc: Disc) -> @location(0) vec4f {
    return inked(mark.colour, coverage(disc));
}

// How many cover a pixel, added up by blending.
@fragment
fn count_points(disc: Disc) -> @location(0) vec4f {
    return vec4f(coverage(disc));
}

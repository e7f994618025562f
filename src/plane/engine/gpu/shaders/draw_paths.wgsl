// The way of the first particles from their start to where they are, a segment an instance.

struct Line {
    @builtin(position) position: vec4f,
    // From the middle of the line, in pixels.
    @location(0) across: f32,
}

@vertex
fn place_paths(@builtin(vertex_index) vertex: u32, @builtin(instance_index) instance: u32) -> Line {
    let particle = instance % picture.paths;
    let step = instance / picture.paths;
    let begin = path[step * chunk.particles + particle] * picture.scale + picture.offset;
    var to = path[(step + 1u) * chunk.particles + particle];
    if (step == picture.before) {
        to = position_at(particle);
    }
    to = to * picture.scale + picture.offset;
    let corner = corner_of(vertex);
    let along = (to - begin) / picture.pixel;
    let normal = vec2f(-along.y, along.x) / max(length(along), 1e-6);
    let across = corner.y * (picture.line + 1.0);
    let end = select(begin, to, corner.x > 0.0);
    return Line(vec4f(end + normal * across * picture.pixel, 0.0, 1.0), across);
}

@fragment
fn draw_paths(line: Line) -> @location(0) vec4f {
    return inked(picture.path, picture.line + 0.5 - abs(line.across));
}

use super::*;

fn fault(text: &str) -> (String, usize, usize, usize) {
    match Program::new(text) {
        Err(Error::Rule { problem, line, column, length }) => (problem, line, column, length),
        other => panic!("{text}: {other:?}"),
    }
}

#[test]
fn a_rule_of_a_paper_is_a_few_instructions() {
    let linear = Program::new("s = s0 + w * (s1 - s0)").unwrap();
    // (w - 1) is all that there is of it, and no particle has a part of its own.
    assert_eq!((linear.own.len(), linear.shared.len(), linear.spread.len()), (0, 1, 2), "{linear:?}");
    let same = Program::new("eps0 + w * (eps1 - eps0)\n".replace("eps0 +", "eps = eps0 +").as_str()).unwrap();
    assert_eq!((same.own.len(), same.shared.len(), same.spread.len()), (0, 1, 2), "{same:?}");
    let projected = Program::new("d = D1 - D0\nD1 + (w - 1) * (d - dot(d, D1) / dot(D1, D1) * D1)").unwrap();
    assert!(projected.own.len() <= 4, "{projected:?}");
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    for (text, words, place) in [
        ("d = D1 - DO\nD1 + d", "perhaps `D0` is meant", (1, 10, 2)),
        ("D1 + w", "This is a number; what stands before the sign is a vector.", (1, 6, 1)),
        ("D1 + w (D1 - D0)", "A sign such as `*` is missing", (1, 8, 1)),
        ("D1\n+ D0 *", "last line", (1, 1, 2)),
        ("D1 + D0 *", "A number or a vector is missing here, where the line ends.", (1, 10, 0)),
        ("D1 * D0", "write dot(", (1, 6, 2)),
        ("D1 / D0", "write its norm", (1, 6, 2)),
        ("w", "The guided estimate is a vector; this is a number.", (1, 1, 1)),
        ("D1 * dot(D1, w)", "dot is of vectors; this is a number.", (1, 14, 1)),
        ("D1 * sqrt(D0)", "sqrt is of numbers; this is a vector.", (1, 11, 2)),
        ("D1 * sqr(w)", "perhaps `sqrt` is meant", (1, 6, 3)),
        ("D1 * exp", "its operands stand in brackets", (1, 6, 3)),
        ("D1 * exp(w, w)", "exp is of one operand.", (1, 6, 9)),
        ("D1 * (w > 1)", "A comparison stands behind `if` alone.", (1, 6, 7)),
        ("if w then D1 else D0", "A comparison belongs here; this is a number.", (1, 4, 1)),
        ("if w > 1 then D1 else w", "This is a number; what stands behind `then` is a vector.", (1, 23, 1)),
        ("w = 3\nD1", "has a meaning already", (1, 1, 1)),
        ("m = w\nD1 + m", "m is a vector; this is a number.", (1, 5, 1)),
        ("D1 + m", "no line leaves anything in it", (1, 6, 1)),
        ("d = D1", "The guided estimate, such as", (1, 7, 0)),
        ("", "The guided estimate, such as", (1, 1, 0)),
        ("param g = 3 in 1..2\nD1", "lies within its range", (1, 11, 1)),
        ("param g = 3 in 2..1\nD1", "from a lesser to a greater", (1, 1, 19)),
        ("D1 + §", "has no meaning", (1, 6, 1)),
        ("x = D1\nD1", "has a meaning already", (1, 1, 1)),
        ("é = 1", "has no meaning", (1, 1, 1)),
        ("D1 + (D0", "`)` is missing here, where the line ends.", (1, 9, 0)),
        ("m = D1; memo = 1\nD1", "not both", (1, 1, 16)),
        ("memo = D1\nD1", "memo is a number; this is a vector.", (1, 8, 2)),
    ] {
        let (problem, line, column, length) = fault(text);
        assert!(problem.contains(words), "{text}: {problem}");
        assert_eq!((line, column, length), place, "{text}: {problem}");
    }
    let deep = |count: usize| ["D1 * ", &"(".repeat(count), "w", &")".repeat(count)].concat();
    assert!(Program::new(&deep(40)).is_ok());
    assert!(fault(&deep(60)).0.contains("nested too deeply"));
    assert!(fault(&"-".repeat(500)).0.contains("nested too deeply"));
    assert!(fault(&"D1 ".repeat(700)).0.contains("at most 2000"));
    let long = ["v = w * D1 + u * x + s0\n", &"v = dot(v, v) * v + x\n".repeat(60), "v"].concat();
    assert!(fault(&long).0.contains("too long"));
    let error = Program::new("D1 + DO").unwrap_err();
    assert_eq!(error.to_string(), "Nothing is called `DO`; perhaps `D0` is meant. (Line 1, letter 6 of the rule.)");
}

#[test]
fn parameters_have_ranges_and_steps() {
    let program =
        Program::new("param g = 1.05 in 1..2; param b = -0.5 in -1..1 by 0.25\nD1 + g * b * (D1 - D0)").unwrap();
    let [(field, g, _), (_, b, _)] = program.settings()[..] else { panic!() };
    assert_eq!((field, g.symbol, g.name), ("values/g", "g", "The parameter g of the rule"));
    assert_eq!((g.default, g.least, g.greatest, g.step), (1.05, 1.0, 2.0, 0.01));
    assert_eq!((b.default, b.from, b.to, b.step), (-0.5, -1.0, 1.0, 0.25));
    assert!(std::ptr::eq(g, program.settings()[0].1));
}

//! A program as WGSL: in place of the rules of mix.wgsl, of whose structs it makes the same.

use super::code::{Op, SHARED};
use super::run::Instruction;
use super::{Kept, Program};
use std::fmt::Write;

/// In the order of the numbers that all particles have alike; behind them stand constants.
const TOLD: [&str; SHARED] = [
    "moment.weight",
    "moment.sigma",
    "moment.time.x",
    "select(moment.time.y, moment.time.z, moment.place == SECOND)",
    "moment.time.w",
    "moment.steps.x",
    "moment.steps.y",
    "moment.rule.x",
    "moment.rule.y",
    "moment.rule.z",
    "moment.rule.w",
];
/// In the order of those that each has of its own.
const EACH: [&str; 11] = [
    "gram.one_one",
    "gram.one_eps",
    "gram.one_d",
    "gram.one_m",
    "gram.eps_eps",
    "gram.eps_d",
    "gram.eps_m",
    "gram.d_d",
    "gram.d_m",
    "gram.m_m",
    "number",
];

/// What WGSL has not. Of its own sin, cos and acos it asks no more than three or four digits; the polynomials are those of Cephes
/// `sinf`, `cosf` and `asinf` (Moshier).
const FUNCTIONS: &str = "const OWN = 1000u;

fn quotient(a: f32, b: f32) -> f32 {
    return select(a / b, 0.0, b == 0.0);
}

// The sine, or that of `quarters` of a turn more: the angle less the nearest of a quarter's multiples, taken off in three parts.
fn sine_of(angle: f32, quarters: f32) -> f32 {
    let turned = round(angle * 0.6366197724);
    let r = ((angle - turned * 1.5703125) - turned * 4.8375129699707e-4) - turned * 7.54978998948e-8;
    let z = r * r;
    let odd = r + r * z * ((-1.9515295891e-4 * z + 8.3321608736e-3) * z - 1.6666654611e-1);
    let even = 1.0 - 0.5 * z + z * z * ((2.443315711810e-5 * z - 1.388731625494e-3) * z + 4.166664568298e-2);
    let phase = turned + quarters;
    let value = select(odd, even, abs(phase - 2.0 * round(0.5 * phase)) > 0.5);
    let half = floor(0.5 * phase);
    return select(value, -value, abs(half - 2.0 * round(0.5 * half)) > 0.5);
}

fn arc_cosine(cosine: f32) -> f32 {
    let a = min(abs(cosine), 1.0);
    let far = a > 0.5;
    let z = select(a * a, 0.5 * (1.0 - a), far);
    let x = select(a, sqrt(z), far);
    let p = (((0.042163199 * z + 0.024181311) * z + 0.045470026) * z + 0.074953003) * z + 0.166667524;
    let angle = x + x * z * p;
    let positive = select(1.5707963268 - angle, 2.0 * angle, far);
    return select(positive, 3.1415926536 - positive, cosine < 0.0);
}
";

impl Program {
    /// What stands in place of the functions of mix.wgsl, behind its structs. The values of parameters are numbers of the moment, so
    /// that one text is of all of them.
    pub fn shader(&self) -> String {
        let mut text = format!(
            "{FUNCTIONS}\nfn mix_rule(moment: Moment, told: Gram) -> Mix {{\n    let begins = moment.place == BEGINNING;\n    \
             let number = select(moment.ratio, 0.0, begins);\n    var gram = told;\n    if (begins) {{\n        gram.one_m = 0.0;\n        \
             gram.eps_m = 0.0;\n        gram.d_m = 0.0;\n        gram.m_m = 0.0;\n    }}\n"
        );
        let mut shared = TOLD.map(str::to_owned).to_vec();
        for (i, constant) in self.constants.iter().enumerate() {
            // A variable, since what is made of constants alone has to be finite in WGSL.
            let constant = (*constant as f32).clamp(f32::MIN, f32::MAX);
            let _ = writeln!(text, "    var c{i} = f32({constant:?});");
            shared.push(format!("c{i}"));
        }
        add(&mut text, &self.shared, "s", &mut shared);
        let mut own = EACH.map(str::to_owned).to_vec();
        own.extend(self.spread.iter().map(|&of| shared[usize::from(of)].clone()));
        add(&mut text, &self.own, "p", &mut own);
        let [a, b, c, d, e, f, g, h] = self.answers.map(|of| own[usize::from(of)].as_str());
        let unchanged = "vec4f(0.0, 0.0, 0.0, 1.0)";
        let memory = match self.kept {
            Kept::Nothing => unchanged.to_owned(),
            Kept::Vector => {
                format!("select(vec4f({e}, {f}, {g}, select({h}, 0.0, begins)), {unchanged}, moment.place == SECOND)")
            }
            Kept::Number => format!("vec4f(select({e}, number, moment.place == SECOND), 0.0, 0.0, 0.0)"),
        };
        let _ = writeln!(text, "    return Mix(vec4f({a}, {b}, {c}, select({d}, 0.0, begins)), {memory});\n}}");
        text
    }
}

/// Instructions, a line each, and their names behind those that there are.
fn add(text: &mut String, code: &[Instruction], letter: &str, names: &mut Vec<String>) {
    for (i, Instruction { op, of }) in code.iter().enumerate() {
        let [a, b, c] = of.map(|of| names[usize::from(of)].as_str());
        let value = match op {
            Op::Add => format!("{a} + {b}"),
            Op::Subtract => format!("{a} - {b}"),
            Op::Multiply => format!("{a} * {b}"),
            Op::Divide => format!("quotient({a}, {b})"),
            Op::Least => format!("min({a}, {b})"),
            Op::Greatest => format!("max({a}, {b})"),
            Op::Less => format!("select(0.0, 1.0, {a} < {b})"),
            Op::NoMore => format!("select(0.0, 1.0, {a} <= {b})"),
            Op::Equal => format!("select(0.0, 1.0, {a} == {b})"),
            Op::Power => format!("exp({b} * log(max({a}, TINY)))"),
            Op::Exp => format!("exp({a})"),
            Op::Log => format!("log(max({a}, TINY))"),
            Op::Sqrt => format!("sqrt(max({a}, 0.0))"),
            Op::Sin => format!("sine_of({a}, 0.0)"),
            Op::Cos => format!("sine_of({a}, 1.0)"),
            Op::Acos => format!("arc_cosine({a})"),
            Op::Abs => format!("abs({a})"),
            Op::Select => format!("select({c}, {b}, {a} != 0.0)"),
        };
        let _ = writeln!(text, "    let {letter}{i} = {value};");
        names.push(format!("{letter}{i}"));
    }
}

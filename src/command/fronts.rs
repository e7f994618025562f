//! Every rule's front in a picture of its own, side by side, as one SVG that reads on light and on dark ground.

use std::fmt::Write;

/// What became of a rule with one kind of models; points are to the right and upwards.
#[derive(Clone, Debug, Default)]
pub struct Series {
    /// Its grid.
    pub grid: Vec<[f64; 2]>,
    /// Places in the grid that no other betters.
    pub front: Vec<usize>,
    /// As published, and at its best, judged by other seeds.
    pub judged: [Option<[f64; 2]>; 2],
}

/// A rule: its name, with networks, with exact scores.
pub type Panel = (String, [Series; 2]);

pub struct Fronts<'a> {
    /// What goes to the right, and upwards.
    pub names: [&'a str; 2],
    /// Ends of both axes; the first may be the greater one. What lies beyond is drawn at the edge.
    pub ends: [[f64; 2]; 2],
    /// Numbers that stand beside axes, as texts.
    pub ticks: [Vec<(f64, String)>; 2],
    /// No guidance.
    pub none: [Option<[f64; 2]>; 2],
    pub panels: Vec<Panel>,
    /// What is better.
    pub note: &'a str,
}

const COLUMNS: usize = 5;
/// Of a picture with its name and the room around it, and of what is drawn in.
const CELL: [f64; 2] = [178.0, 136.0];
const PLOT: [f64; 2] = [160.0, 92.0];
/// Room to the left for numbers, and above for what marks mean.
const ROOM: [f64; 2] = [52.0, 52.0];
const GREY: &str = "#808080";
const COLOURS: [&str; 2] = ["#e87722", "#4a8fd6"];
const KINDS: [&str; 2] = ["with networks", "with exact scores"];

impl Fronts<'_> {
    /// Where a point stands in its picture; upwards by square roots, so that little ones can be told apart.
    fn place(&self, [x, y]: [f64; 2]) -> [f64; 2] {
        let [[left, right], [low, high]] = self.ends;
        let share = |value: f64, from: f64, to: f64| ((value - from) / (to - from)).clamp(0.0, 1.0);
        [PLOT[0] * share(x, left, right), PLOT[1] * (1.0 - share(y, low, high).sqrt())]
    }

    /// Width and height.
    fn size(&self) -> [f64; 2] {
        let rows = self.panels.len().div_ceil(COLUMNS);
        [ROOM[0] + COLUMNS as f64 * CELL[0], ROOM[1] + rows as f64 * CELL[1] + 44.0]
    }

    /// As a document shows it, of a file.
    pub fn shown(&self, file: &str) -> String {
        let [width, height] = self.size();
        let words = format!("{} against {}, a picture for each rule", self.names[1], self.names[0]);
        format!("<img src=\"{file}\" alt=\"{words}\" width=\"{width:.0}\" height=\"{height:.0}\">\n")
    }

    pub fn svg(&self) -> String {
        let [width, height] = self.size();
        let mut svg = format!(
            "<svg width=\"{width:.0}\" height=\"{height:.0}\" viewBox=\"0 0 {width:.0} {height:.0}\" xmlns=\"http://www.w3.org/2000/svg\" \
             font-family=\"sans-serif\" font-size=\"11\" fill=\"{GREY}\">\n<title>{} against {} of every rule</title>\n",
            self.names[1], self.names[0]
        );
        self.legend(&mut svg);
        for (i, panel) in self.panels.iter().enumerate() {
            let (column, row) = (i % COLUMNS, i / COLUMNS);
            let [left, top] = [ROOM[0] + column as f64 * CELL[0], ROOM[1] + row as f64 * CELL[1] + 28.0];
            let _ = writeln!(svg, "<g transform=\"translate({left:.0} {top:.0})\">");
            // Below the last of each column stand its numbers.
            self.panel(&mut svg, panel, column == 0, i + COLUMNS >= self.panels.len());
            svg.push_str("</g>\n");
        }
        let _ = write!(
            svg,
            "<text x=\"{:.0}\" y=\"{:.0}\" text-anchor=\"middle\" font-size=\"13\">{}</text>\n\
             <text transform=\"translate(13 {:.0}) rotate(-90)\" text-anchor=\"middle\" font-size=\"13\">{}</text>\n</svg>\n",
            0.5 * width,
            height - 8.0,
            self.names[0],
            0.5 * height,
            self.names[1]
        );
        svg
    }

    fn legend(&self, svg: &mut String) {
        let mut x = ROOM[0];
        for (colour, kind) in COLOURS.iter().zip(KINDS) {
            let _ = writeln!(
                svg,
                "<circle cx=\"{x:.0}\" cy=\"16\" r=\"3.5\" fill=\"{colour}\"/><text x=\"{:.0}\" y=\"20\" fill=\"{colour}\">{kind}</text>",
                x + 8.0
            );
            x += 120.0;
        }
        let _ = writeln!(
            svg,
            "<text x=\"{x:.0}\" y=\"20\">Dot: as published. Ring: at its best. Small: the rest of its grid; line: its front. Cross: no guidance.</text>\n\
             <text x=\"{:.0}\" y=\"38\">{}</text>",
            ROOM[0] - 4.0,
            self.note
        );
    }

    fn panel(&self, svg: &mut String, (name, sets): &Panel, first: bool, last: bool) {
        let [width, height] = PLOT;
        let lines = wrapped(name);
        for (i, line) in lines.iter().enumerate() {
            let escaped = line.replace('&', "&amp;").replace('<', "&lt;");
            let y = 12 * (1 + i as i32 - lines.len() as i32) - 5;
            let _ = writeln!(svg, "<text y=\"{y}\" font-size=\"10.5\">{escaped}</text>");
        }
        let mut lines = String::new();
        for (value, text) in &self.ticks[0] {
            let [x, _] = self.place([*value, 0.0]);
            let _ = write!(lines, "M{x:.1} 0V{height}");
            if last {
                let _ =
                    writeln!(svg, "<text x=\"{x:.1}\" y=\"{:.0}\" text-anchor=\"middle\">{text}</text>", height + 14.0);
            }
        }
        for (value, text) in &self.ticks[1] {
            let [_, y] = self.place([self.ends[0][0], *value]);
            let _ = write!(lines, "M0 {y:.1}H{width}");
            if first {
                let _ = writeln!(svg, "<text x=\"-5\" y=\"{:.1}\" text-anchor=\"end\">{text}</text>", y + 4.0);
            }
        }
        let _ = writeln!(svg, "<path d=\"{lines}\" stroke=\"{GREY}\" stroke-opacity=\".22\"/>");
        for ((series, colour), none) in sets.iter().zip(COLOURS).zip(self.none) {
            let at = |point: [f64; 2]| self.place(point);
            let mut dots = String::new();
            for [x, y] in series.grid.iter().map(|&point| at(point)) {
                let _ = write!(dots, "M{x:.1} {y:.1}h0");
            }
            let mut front = String::new();
            for (i, &place) in series.front.iter().enumerate() {
                let [x, y] = at(series.grid[place]);
                let _ = write!(front, "{}{x:.1} {y:.1}", if i == 0 { 'M' } else { 'L' });
            }
            if let Some([x, y]) = none.map(at) {
                let _ = writeln!(
                    svg,
                    "<path d=\"M{:.1} {y:.1}h8m-4-4v8\" stroke=\"{colour}\" stroke-opacity=\".7\"/>",
                    x - 4.0
                );
            }
            if !dots.is_empty() {
                let _ = writeln!(
                    svg,
                    "<path d=\"{dots}\" stroke=\"{colour}\" stroke-opacity=\".55\" stroke-width=\"3\" stroke-linecap=\"round\"/>\n\
                     <path d=\"{front}\" stroke=\"{colour}\" fill=\"none\"/>"
                );
            }
            if let Some([x, y]) = series.judged[0].map(at) {
                let _ = writeln!(svg, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3.5\" fill=\"{colour}\"/>");
            }
            if let Some([x, y]) = series.judged[1].map(at) {
                let _ = writeln!(
                    svg,
                    "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"5.5\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.5\"/>"
                );
            }
        }
    }
}

/// Letters of a line of a name.
const LINE: usize = 30;

/// A name in two lines at most; what is longer ends in an ellipsis, and stands whole in the table.
fn wrapped(name: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in name.split(' ') {
        let full = lines.len() == 2;
        match lines.last_mut() {
            Some(last) if last.chars().count() + 1 + word.chars().count() <= LINE => *last += &format!(" {word}"),
            Some(last) if full => {
                *last += " …";
                break;
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn better_is_lower_and_to_the_right() {
        let fronts = Fronts {
            names: ["diversity", "outliers"],
            ends: [[1.0, 0.0], [0.0, 1.0]],
            ticks: [vec![(0.5, "0.5".into())], vec![(0.25, "25%".into())]],
            none: [Some([0.1, 0.1]), None],
            panels: vec![(
                "a < b".into(),
                [
                    Series { grid: vec![[0.5, 0.25], [0.0, 0.0]], front: vec![1], judged: [Some([2.0, 4.0]), None] },
                    Series::default(),
                ],
            )],
            note: "",
        };
        assert_eq!(fronts.place([0.5, 0.25]), [0.5 * PLOT[0], 0.5 * PLOT[1]]);
        assert_eq!(fronts.place([0.0, 0.0]), PLOT);
        // Beyond both ends: at the edge.
        assert_eq!(fronts.place([2.0, 4.0]), [0.0, 0.0]);
        assert_eq!(
            wrapped("a name of some thirty letters, and more of them"),
            ["a name of some thirty letters,", "and more of them"]
        );
        let long = wrapped(&"ten lettrs ".repeat(8));
        assert!(long.len() == 2 && long[1].ends_with(" …"), "{long:?}");
        let svg = fronts.svg();
        assert!(svg.contains("a &lt; b") && svg.contains(">25%<") && svg.contains(">0.5<"), "{svg}");
        assert_eq!(svg.matches("r=\"3.5\"").count(), 3, "two of what colours mean, and one as published");
    }
}

//! How many tests passed and failed, read from what the runners print.

use std::ops::AddAssign;

use crate::shell::plain;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub passed: u32,
    pub failed: u32,
}

impl Counts {
    pub const PASSED: Self = Self { passed: 1, failed: 0 };
    pub const FAILED: Self = Self { passed: 0, failed: 1 };

    /// A runner that failed without saying so in its counts (it did not compile, or crashed) has one failure.
    pub fn of_run(mut self, succeeded: bool) -> Self {
        if !succeeded && self.failed == 0 {
            self.failed = 1;
        }
        self
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// The `test result:` lines of cargo test and of wasm-bindgen's runner, summed.
pub fn of_libtest(output: &str) -> Counts {
    let mut counts = Counts::default();
    for line in output.lines() {
        let Some((_, numbers)) = line.split_once("test result: ") else {
            continue;
        };
        counts += Counts { passed: number_before(numbers, "passed"), failed: number_before(numbers, "failed") };
    }
    counts
}

/// The closing lines of Playwright's list reporter. A test that did not run, or passed only at a second try, has not passed.
pub fn of_playwright(output: &str) -> Counts {
    let mut counts = Counts::default();
    for line in output.lines() {
        let line = plain(line);
        let mut words = line.split_whitespace();
        let Some(number) = words.next().and_then(|word| word.parse::<u32>().ok()) else {
            continue;
        };
        match words.next() {
            Some("passed") => counts.passed += number,
            Some("failed" | "interrupted" | "flaky") => counts.failed += number,
            Some("did") if words.next() == Some("not") => counts.failed += number,
            _ => {}
        }
    }
    counts
}

/// The closing lines of Node's test runner, `# pass 3` or `ℹ pass 3`. A test that was cut off has not passed; one that is to
/// be done has no say.
pub fn of_node(output: &str) -> Counts {
    let mut counts = Counts::default();
    for line in output.lines() {
        let words: Vec<_> = line.split_whitespace().collect();
        let &["#" | "ℹ", word, number] = words.as_slice() else { continue };
        let Ok(number) = number.parse::<u32>() else { continue };
        match word {
            "pass" => counts.passed += number,
            "fail" | "cancelled" => counts.failed += number,
            _ => {}
        }
    }
    counts
}

/// The closing line of pytest, `3 passed, 1 failed in 0.20s`. What could not even begin is an error.
pub fn of_pytest(output: &str) -> Counts {
    let closing = output.lines().rev().map(plain).find(|line| line.contains(" in ") && line.contains("s"));
    let number = |word| closing.as_deref().map_or(0, |line| number_before(line, word));
    Counts { passed: number("passed"), failed: number("failed") + number("error") + number("errors") }
}

fn number_before(text: &str, word: &str) -> u32 {
    let mut last = "";
    for token in text.split([' ', ';', '.', ',']).filter(|token| !token.is_empty()) {
        if token == word {
            return last.parse().unwrap_or(0);
        }
        last = token;
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIBTEST: &str = "running 3 tests\n...\n\
        test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s\n\n\
        test result: FAILED. 10 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.20s\n";

    #[test]
    fn libtest_lines_are_summed() {
        assert_eq!(of_libtest(LIBTEST), Counts { passed: 13, failed: 2 });
        assert_eq!(of_libtest("error: could not compile"), Counts::default());
    }

    #[test]
    fn playwright_closing_lines_are_read() {
        let output = "Running 7 tests using 2 workers\n  ok 1 a.spec.ts:3:1 › 2 passed by (3ms)\n\n  1 failed\n    a.spec.ts:9:1 › b\n  \
                      1 flaky\n  2 skipped\n  1 did not run\n  \u{1b}[32m4 passed\u{1b}[39m (3.0s)\n";
        assert_eq!(of_playwright(output), Counts { passed: 4, failed: 3 });
    }

    #[test]
    fn nodes_closing_lines_are_read() {
        let output = "ok 1 - a\n# Subtest: pass 7\n1..4\n# tests 9\n# suites 0\n# pass 5\n# fail 1\n# cancelled 2\n# skipped 0\n# todo 1\n";
        assert_eq!(of_node(output), Counts { passed: 5, failed: 3 });
        assert_eq!(of_node("ℹ pass 2\nℹ fail 0\n"), Counts { passed: 2, failed: 0 });
    }

    #[test]
    fn pytests_closing_line_is_read() {
        let output = "....F\n=== short test summary ===\nFAILED tests/a.py::b in 3 parts\n1 failed, 4 passed, 2 skipped in 1.20s\n";
        assert_eq!(of_pytest(output), Counts { passed: 4, failed: 1 });
        assert_eq!(of_pytest("2 passed, 1 error in 0.2s\n"), Counts { passed: 2, failed: 1 });
        assert_eq!(of_pytest("no tests ran in 0.01s\n"), Counts::default());
    }

    #[test]
    fn a_crash_counts_as_a_failure() {
        assert_eq!(Counts::default().of_run(false), Counts::FAILED);
        assert_eq!(Counts { passed: 3, failed: 0 }.of_run(true), Counts { passed: 3, failed: 0 });
        assert_eq!(Counts { passed: 3, failed: 2 }.of_run(false), Counts { passed: 3, failed: 2 });
    }
}

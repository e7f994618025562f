//! Reports in two halves, each of which can be made anew while the other stays.

/// What a report is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Half {
    /// The proposal's experiments and claims
    Proposal,
    /// What the field has made since
    Since,
}

/// What the second half begins with.
pub const SINCE: &str = "# Since the proposal\n";

/// A report whose halves are new, or as they stand in what there was before.
pub fn joined(before: &str, proposal: Option<String>, since: Option<String>) -> String {
    let (first, second) = parted(before);
    let first = proposal.unwrap_or_else(|| first.to_owned());
    let second = since.unwrap_or_else(|| second.to_owned());
    let first = first.trim_end();
    match (first.is_empty(), second.is_empty()) {
        (true, _) => second,
        (_, true) => format!("{first}\n"),
        _ => format!("{first}\n\n{second}"),
    }
}

/// Both halves of a report, each as it is there, or empty.
pub fn parted(text: &str) -> (&str, &str) {
    if text.starts_with(SINCE) {
        return ("", text);
    }
    match text.find(&format!("\n{SINCE}")) {
        Some(end) => (&text[..end], &text[end + 1..]),
        None => (text, ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_half_stays_while_the_other_is_new() {
        let mut before = String::new();
        let mut put = |proposal: Option<&str>, since: Option<&str>| {
            before = joined(&before, proposal.map(str::to_owned), since.map(str::to_owned));
            before.clone()
        };
        let since = format!("{SINCE}\nnew\n");
        assert_eq!(put(None, Some(&since)), since);
        assert_eq!(put(Some("# One\n\na\n"), None), format!("# One\n\na\n\n{since}"));
        assert_eq!(put(None, Some(SINCE)), format!("# One\n\na\n\n{SINCE}"));
        assert_eq!(put(Some("# One\n\nb\n"), None), format!("# One\n\nb\n\n{SINCE}"));
    }
}

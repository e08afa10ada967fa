//! Results as build servers read them: JUnit XML, one suite a pack.

use super::{Suite, Tested};

/// The document.
pub fn report(suites: &[Suite]) -> String {
    let total: usize = suites.iter().map(|it| it.tests.len()).sum();
    let failed: usize = suites.iter().map(|it| it.failed().count()).sum();
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    xml.push_str(&format!("<testsuites name=\"byleave\" tests=\"{total}\" failures=\"{failed}\">\n"));
    for suite in suites {
        let name = escape(&suite.pack);
        let failed = suite.failed().count();
        let tests = suite.tests.len();
        xml.push_str(&format!("  <testsuite name=\"{name}\" tests=\"{tests}\" failures=\"{failed}\">\n"));
        for test in &suite.tests {
            case(&name, test, &mut xml);
        }
        xml.push_str("  </testsuite>\n");
    }
    xml.push_str("</testsuites>\n");
    xml
}

fn case(pack: &str, test: &Tested, xml: &mut String) {
    let (file, line) = test.place.rsplit_once(':').unwrap_or((&test.place, "0"));
    xml.push_str(&format!(
        "    <testcase classname=\"{pack}\" name=\"{}\" file=\"{}\" line=\"{}\"",
        escape(&test.title),
        escape(file),
        escape(line)
    ));
    if test.wrong.is_empty() {
        xml.push_str("/>\n");
        return;
    }
    let first = test.wrong.first().map(String::as_str).unwrap_or_default();
    xml.push_str(&format!(
        ">\n      <failure message=\"{}\">{}</failure>\n    </testcase>\n",
        escape(first),
        escape(&test.wrong.join("\n"))
    ));
}

/// Text as it may stand in an attribute; XML has no way to write most control characters.
fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\n' => safe.push_str("&#10;"),
            '\t' => safe.push(' '),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => safe.push('\u{fffd}'),
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    #[test]
    fn nothing_breaks_out() {
        assert_eq!(super::escape("a<\"&\u{1}\n"), "a&lt;&quot;&amp;\u{fffd}&#10;");
    }
}

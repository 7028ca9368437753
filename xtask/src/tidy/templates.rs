//! Rules on templates: the strict content policy, and the base path under which an instance may live.

use std::{path::Path, sync::LazyLock};

use regex::Regex;

use super::Finding;

struct Rule {
    pattern: Regex,
    text: &'static str,
}

static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    let rule = |pattern: &str, text| Rule {
        pattern: Regex::new(pattern).expect("the patterns of this file are regular expressions"),
        text,
    };
    vec![
        rule(
            r"(?i)<style\b",
            "an inline style sheet: the content policy refuses it, write it in web/",
        ),
        rule(
            r#"(?i)\sstyle\s*="#,
            "an inline style: the content policy refuses it, write a class in web/",
        ),
        rule(
            r#"(?i)<[a-z][^>]*\son[a-z]+\s*=\s*["']"#,
            "an inline handler: the content policy refuses it, write it in web/",
        ),
        rule(
            r#"(?i)\s(href|src|action|formaction|poster)="/"#,
            "an address that ignores the base path: begin it with {{ page.base }}",
        ),
    ]
});

static SCRIPT: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i)<script\b[^>]*>?").expect("the pattern is a regular expression"));

/// No inline style, script or handler, and no address that ignores the base path.
pub(super) fn judge(path: &Path, text: &str) -> Vec<Finding> {
    // A mail carries its own style: no policy nor style sheet of the site reaches it.
    let is_mail = path.components().any(|part| part.as_os_str() == "courriel");
    let is_template = !is_mail
        && path.components().any(|part| part.as_os_str() == "templates")
        && path.extension().is_some_and(|extension| extension == "html");
    if !is_template {
        return Vec::new();
    }
    let mut findings = Vec::new();
    for (index, line) in text.lines().enumerate() {
        for rule in RULES.iter().filter(|rule| rule.pattern.is_match(line)) {
            findings.push(Finding::fault(path, index + 1, rule.text));
        }
        for tag in SCRIPT.find_iter(line) {
            // JSON-LD is data: a browser does not run it, and the content policy lets it be.
            if !tag.as_str().contains("src=") && !tag.as_str().contains("application/ld+json") {
                let text = "an inline script: the content policy refuses it, write it in web/";
                findings.push(Finding::fault(path, index + 1, text));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(line: &str) -> usize {
        judge(Path::new("crates/lieux/templates/fiche.html"), line).len()
    }

    #[test]
    fn rien_en_ligne_dans_un_gabarit() {
        assert_eq!(faults(r#"<p style="color: red">"#), 1);
        assert_eq!(faults("<style>p { }</style>"), 1);
        assert_eq!(faults("<script>alert(1)</script>"), 1);
        assert_eq!(faults(r#"<button onclick="a()">"#), 1);
    }

    #[test]
    fn ce_qui_est_permis_passe() {
        assert_eq!(
            faults(r#"<script src="{{ page.base }}/assets/a.js" defer></script>"#),
            0
        );
        assert_eq!(faults(r#"<script type="application/ld+json">"#), 0);
        assert_eq!(faults(r#"<p class="once" data-on="x">"#), 0);
    }

    #[test]
    fn une_adresse_commence_par_la_base() {
        assert_eq!(faults(r#"<a href="/lieux">"#), 1);
        assert_eq!(faults(r#"<a href="{{ page.base }}/lieux">"#), 0);
    }
}

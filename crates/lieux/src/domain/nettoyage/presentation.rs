//! What a place says of itself.

use super::texte::{est_absent, nettoyer};
use crate::domain::lieu::Presentation;

/// Longest summary that the standard admits, in characters.
pub const RESUME_MAX: usize = 280;

/// The two texts, without line breaks; a summary that is too long becomes the detail when there is none.
pub fn lire(resume: &str, detail: &str) -> Presentation {
    let presenter = |texte: &str| Some(nettoyer(texte)).filter(|t| !est_absent(t));
    let (resume, detail) = (presenter(resume), presenter(detail));
    match (resume, detail) {
        (Some(resume), None) if resume.chars().count() > RESUME_MAX => Presentation {
            resume: None,
            detail: Some(resume),
        },
        (resume, detail) => Presentation { resume, detail },
    }
}

/// The summary cut at a word so that it holds in [`RESUME_MAX`] characters.
pub fn abreger(resume: &str) -> String {
    if resume.chars().count() <= RESUME_MAX {
        return resume.to_owned();
    }
    let debut: String = resume.chars().take(RESUME_MAX - 1).collect();
    let coupe = debut.rfind(' ').filter(|i| *i > debut.len() / 2).unwrap_or(debut.len());
    format!("{}…", debut[..coupe].trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn un_resume_trop_long_devient_le_detail() {
        let long = "mot ".repeat(100);
        let lue = lire(&long, "");
        assert_eq!((lue.resume, lue.detail.as_deref()), (None, Some(long.trim())));
        assert_eq!(lire("a\nb", "-").resume.as_deref(), Some("a b"));
    }

    #[test]
    fn un_resume_abrege_tient_et_finit_sur_un_mot() {
        let court = abreger(&"été ".repeat(100));
        assert!(court.chars().count() <= RESUME_MAX && court.ends_with("été…"));
        assert!(abreger(&"é".repeat(400)).chars().count() <= RESUME_MAX);
    }
}

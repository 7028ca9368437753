//! The body of a mail: written once, drawn in text and in HTML, so that neither says what the other does not.

use askama::Template;

/// A piece of a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Bloc {
    Paragraphe(String),
    Bouton { libelle: String, url: String },
    Code(String),
    Liste(Vec<String>),
}

impl Bloc {
    fn en_texte(&self) -> String {
        match self {
            Self::Paragraphe(texte) => texte.clone(),
            Self::Bouton { libelle, url } => format!("{libelle} :\n{url}"),
            Self::Code(code) => format!("    {code}"),
            Self::Liste(lignes) => lignes.iter().map(|l| format!("- {l}")).collect::<Vec<_>>().join("\n"),
        }
    }
}

/// What a mail says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Corps {
    titre: String,
    blocs: Vec<Bloc>,
    pied: Vec<String>,
}

#[derive(Template)]
#[template(path = "courriel/base.html")]
struct EnHtml<'a>(&'a Corps);

impl Corps {
    /// A mail under this title, with the usual last lines.
    pub fn nouveau(titre: impl Into<String>) -> Self {
        Self {
            titre: titre.into(),
            blocs: Vec::new(),
            pied: vec![
                "Maillage, le service des conseillers numériques. Ce message est envoyé automatiquement.".to_owned(),
            ],
        }
    }

    fn avec(mut self, bloc: Bloc) -> Self {
        self.blocs.push(bloc);
        self
    }

    /// A paragraph.
    pub fn paragraphe(self, texte: impl Into<String>) -> Self {
        self.avec(Bloc::Paragraphe(texte.into()))
    }

    /// A link shown as a button; the text gives its address on its own line.
    pub fn bouton(self, libelle: impl Into<String>, url: impl Into<String>) -> Self {
        self.avec(Bloc::Bouton {
            libelle: libelle.into(),
            url: url.into(),
        })
    }

    /// A code to type, large and easy to copy.
    pub fn code(self, code: impl Into<String>) -> Self {
        self.avec(Bloc::Code(code.into()))
    }

    /// A list, such as what a daily digest tells.
    pub fn liste(self, lignes: impl IntoIterator<Item = String>) -> Self {
        self.avec(Bloc::Liste(lignes.into_iter().collect()))
    }

    /// One more line at the end, such as how to receive fewer mails.
    pub fn pied(mut self, ligne: impl Into<String>) -> Self {
        self.pied.push(ligne.into());
        self
    }

    /// The text and the HTML.
    ///
    /// # Panics
    /// Never: the template only writes strings.
    pub fn rendre(&self) -> (String, String) {
        let html = EnHtml(self).render().expect("a template of strings can be drawn");
        (self.en_texte(), html)
    }

    fn en_texte(&self) -> String {
        let blocs = self.blocs.iter().map(Bloc::en_texte);
        let corps: Vec<String> = std::iter::once(self.titre.clone()).chain(blocs).collect();
        // Two dashes and a space begin what programs fold away as a signature (RFC 3676).
        format!("{}\n\n-- \n{}\n", corps.join("\n\n"), self.pied.join("\n"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn le_texte_dit_tout_ce_que_dit_le_html() {
        let (text, html) = Corps::nouveau("Votre lien")
            .paragraphe("Bonjour & bienvenue,")
            .bouton("Me connecter", "https://exemple.fr/lien?a=1&b=2")
            .code("123 456")
            .liste(["un rendez-vous".to_owned(), "un <atelier>".to_owned()])
            .pied("Réglez vos messages dans votre compte.")
            .rendre();
        let expected = "Votre lien\n\nBonjour & bienvenue,\n\nMe connecter :\nhttps://exemple.fr/lien?a=1&b=2\n\n    123 456\n\n- un rendez-vous\n- un <atelier>\n\n-- \nMaillage, le service des conseillers numériques. Ce message est envoyé automatiquement.\nRéglez vos messages dans votre compte.\n";
        assert_eq!(text, expected);
        for part in [
            "<html lang=\"fr\">",
            "<title>Votre lien</title>",
            "Bonjour &#38; bienvenue,",
            "href=\"https://exemple.fr/lien?a=1&#38;b=2\"",
            "un &#60;atelier&#62;",
            "Réglez vos messages",
        ] {
            assert!(html.contains(part), "{part} manque dans {html}");
        }
        assert!(!html.contains("<script") && !html.contains("<img") && !html.contains("<table"));
    }
}

//! What the component macros take when a few words do not suffice.

pub use crate::page::{EntreeMenu, Lien};
use crate::{page::Page, textes::Phrase};
use std::borrow::{Borrow, Cow};

/// An option of radio buttons, checkboxes or a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choix {
    /// The value sent.
    pub valeur: Cow<'static, str>,
    /// What is read.
    pub libelle: Cow<'static, str>,
    /// A line of help.
    pub aide: Option<Cow<'static, str>>,
    /// How many results it gives.
    pub compte: Option<u64>,
}

impl Choix {
    /// An option.
    pub fn new(valeur: impl Into<Cow<'static, str>>, libelle: impl Into<Cow<'static, str>>) -> Self {
        Self {
            valeur: valeur.into(),
            libelle: libelle.into(),
            aide: None,
            compte: None,
        }
    }

    /// The same with a line of help.
    pub fn aide(mut self, aide: impl Into<Cow<'static, str>>) -> Self {
        self.aide = Some(aide.into());
        self
    }

    /// The same with a count of results.
    pub fn compte(mut self, compte: u64) -> Self {
        self.compte = Some(compte);
        self
    }
}

/// How a message, a tag or a badge sounds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Ton {
    /// Nothing special.
    #[default]
    Neutre,
    /// Something good to know.
    Info,
    /// Something that went well.
    Succes,
    /// Something to be careful about.
    Attention,
    /// Something that went wrong.
    Erreur,
}

impl Ton {
    /// The word used in class names.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Neutre => "neutre",
            Self::Info => "info",
            Self::Succes => "succes",
            Self::Attention => "attention",
            Self::Erreur => "erreur",
        }
    }

    /// What a message of this tone is called when it has no title of its own.
    pub fn titre(self, page: &Page) -> &'static Phrase {
        let message = &page.t().message;
        match self {
            Self::Neutre | Self::Info => &message.info,
            Self::Succes => &message.succes,
            Self::Attention => &message.attention,
            Self::Erreur => &message.erreur,
        }
    }
}

/// A tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Etiquette {
    /// What is read.
    pub libelle: Cow<'static, str>,
    /// How it sounds.
    pub ton: Ton,
}

impl Etiquette {
    /// A tag.
    pub fn new(libelle: impl Into<Cow<'static, str>>, ton: Ton) -> Self {
        Self {
            libelle: libelle.into(),
            ton,
        }
    }
}

/// Where a step of a wizard stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EtatEtape {
    /// Done: its link goes back to it.
    Faite,
    /// The one shown.
    EnCours,
    /// Not reached yet.
    AVenir,
}

/// A step of a wizard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Etape {
    /// What is read.
    pub libelle: Cow<'static, str>,
    /// Where it stands.
    pub etat: EtatEtape,
    /// Where to come back to it.
    pub url: Option<String>,
}

/// Numbered pages, or the two neighbours of a page read with a key.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pagination {
    /// The address of the page before.
    pub precedente: Option<String>,
    /// The address of the page after.
    pub suivante: Option<String>,
    /// The numbers shown; empty for pages read with a key.
    pub pages: Vec<NumeroDePage>,
    /// The number shown and how many there are, when they are known.
    pub position: Option<(u64, u64)>,
}

/// An element of a row of page numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NumeroDePage {
    /// A page that can be reached.
    Autre {
        /// Its number.
        numero: u64,
        /// Its address.
        url: String,
    },
    /// The page shown.
    Actuelle(u64),
    /// Pages left out.
    Ellipse,
}

impl Pagination {
    /// The neighbours of a page read with a key.
    pub fn par_cle(precedente: Option<String>, suivante: Option<String>) -> Self {
        Self {
            precedente,
            suivante,
            ..Self::default()
        }
    }

    /// Numbered pages from 1; `url` gives the address of a number. The first, the last and the neighbours are shown.
    pub fn numerotee(actuelle: u64, total: u64, url: impl Fn(u64) -> String) -> Self {
        let actuelle = actuelle.clamp(1, total.max(1));
        let mut pages = Vec::new();
        let mut dernier = 0;
        for numero in 1..=total {
            let montre = numero == 1 || numero == total || numero.abs_diff(actuelle) <= 1;
            // A gap of one page is shown: an ellipsis would take as much room.
            let seul = numero.abs_diff(actuelle) == 2 && (numero == 2 || numero + 1 == total);
            if !montre && !seul {
                continue;
            }
            if numero > dernier + 1 {
                pages.push(NumeroDePage::Ellipse);
            }
            pages.push(if numero == actuelle {
                NumeroDePage::Actuelle(numero)
            } else {
                NumeroDePage::Autre {
                    numero,
                    url: url(numero),
                }
            });
            dernier = numero;
        }
        Self {
            precedente: (actuelle > 1).then(|| url(actuelle - 1)),
            suivante: (actuelle < total).then(|| url(actuelle + 1)),
            pages,
            position: Some((actuelle, total)),
        }
    }

    /// Whether there is anywhere to go.
    pub fn est_utile(&self) -> bool {
        self.precedente.is_some() || self.suivante.is_some()
    }
}

/// In which order a column is sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ordre {
    /// From the smallest.
    Croissant,
    /// From the largest.
    Decroissant,
}

impl Ordre {
    /// The value of `aria-sort`.
    pub const fn aria(self) -> &'static str {
        match self {
            Self::Croissant => "ascending",
            Self::Decroissant => "descending",
        }
    }
}

/// A column of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Colonne {
    /// Its header.
    pub libelle: Cow<'static, str>,
    /// Where to sort by it.
    pub tri: Option<String>,
    /// The order in which it is sorted now.
    pub ordre: Option<Ordre>,
    /// Whether it holds figures, set to the right.
    pub numerique: bool,
}

impl Colonne {
    /// A column of words.
    pub fn new(libelle: impl Into<Cow<'static, str>>) -> Self {
        Self {
            libelle: libelle.into(),
            ..Self::default()
        }
    }

    /// A column of figures.
    pub fn chiffres(libelle: impl Into<Cow<'static, str>>) -> Self {
        Self {
            libelle: libelle.into(),
            numerique: true,
            ..Self::default()
        }
    }

    /// The same, sortable by this link.
    pub fn triable(mut self, url: impl Into<String>, ordre: Option<Ordre>) -> Self {
        self.tri = Some(url.into());
        self.ordre = ordre;
        self
    }
}

/// What a cell of a table, or the value of a description, shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Valeur {
    /// Plain words.
    Texte(String),
    /// Words in another language, with its code.
    Langue(String, &'static str),
    /// A link.
    Lien(Lien),
    /// A tag.
    Etiquette(Etiquette),
    /// A telephone number, as it is read.
    Telephone(String),
    /// An e-mail address.
    Courriel(String),
}

impl Valeur {
    /// Plain words.
    pub fn texte(texte: impl Into<String>) -> Self {
        Self::Texte(texte.into())
    }

    /// A link.
    pub fn lien(libelle: impl Into<String>, url: impl Into<String>) -> Self {
        Self::Lien(Lien::new(libelle, url))
    }
}

impl<T: Into<String>> From<T> for Valeur {
    fn from(texte: T) -> Self {
        Self::Texte(texte.into())
    }
}

/// The address that calls a telephone number.
pub fn url_telephone(numero: &str) -> String {
    let chiffres = numero.chars().filter(|c| c.is_ascii_digit() || *c == '+');
    std::iter::once("tel:").flat_map(str::chars).chain(chiffres).collect()
}

/// A table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tableau {
    /// What it shows.
    pub legende: String,
    /// Its columns.
    pub colonnes: Vec<Colonne>,
    /// Its rows; the first cell names the row.
    pub lignes: Vec<Vec<Valeur>>,
}

impl Tableau {
    /// Whether the column of this rank holds figures.
    pub fn est_numerique(&self, rang: impl Borrow<usize>) -> bool {
        self.colonnes.get(*rang.borrow()).is_some_and(|c| c.numerique)
    }
}

/// A day in a table of opening hours.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JourDeSemaine {
    /// The day, in words.
    pub nom: String,
    /// Its hours, in words.
    pub heures: String,
    /// What is particular to it, such as a public holiday.
    pub note: Option<String>,
    /// Whether it is today.
    pub aujourdhui: bool,
}

/// A term and what is said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Description {
    /// The term.
    pub terme: Cow<'static, str>,
    /// What is said of it, a line each.
    pub valeurs: Vec<Valeur>,
    /// What can be done with it, such as reporting a mistake; its words should name the term.
    pub action: Option<Lien>,
}

impl Description {
    /// A term and one value.
    pub fn new(terme: impl Into<Cow<'static, str>>, valeur: impl Into<Valeur>) -> Self {
        Self {
            terme: terme.into(),
            valeurs: vec![valeur.into()],
            action: None,
        }
    }

    /// A term and several values.
    pub fn lignes(terme: impl Into<Cow<'static, str>>, valeurs: Vec<Valeur>) -> Self {
        Self {
            terme: terme.into(),
            valeurs,
            action: None,
        }
    }

    /// The same with a link to act on it.
    pub fn action(mut self, lien: Lien) -> Self {
        self.action = Some(lien);
        self
    }
}

/// A filter that is on, and where to go to turn it off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FiltreActif {
    /// What is read.
    pub libelle: String,
    /// The address without it.
    pub url_sans: String,
}

/// A tab, which is a link to another page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Onglet {
    /// The link.
    pub lien: Lien,
    /// Whether it is the one shown.
    pub actif: bool,
}

/// What is known of a place's doors at a given time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ouverture {
    /// Open.
    Ouvert,
    /// Open, for less than half an hour.
    FermeBientot,
    /// Closed.
    Ferme,
    /// Nobody said.
    Inconnu,
}

impl Ouverture {
    /// How the badge sounds.
    pub const fn ton(self) -> Ton {
        match self {
            Self::Ouvert => Ton::Succes,
            Self::FermeBientot => Ton::Attention,
            Self::Ferme | Self::Inconnu => Ton::Neutre,
        }
    }

    /// The word of the badge.
    pub fn mot(self, page: &Page) -> &'static Phrase {
        let mots = &page.t().ouverture;
        match self {
            Self::Ouvert => &mots.ouvert,
            Self::FermeBientot => &mots.bientot_ferme,
            Self::Ferme => &mots.ferme,
            Self::Inconnu => &mots.inconnu,
        }
    }
}

/// A file to download.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fichier {
    /// Its name, as a person says it.
    pub nom: String,
    /// Its address.
    pub url: String,
    /// Its format, such as "CSV".
    pub format: String,
    /// Its size in bytes, when known.
    pub octets: Option<u64>,
    /// When it was written, in words.
    pub mis_a_jour: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resume(pagination: &Pagination) -> String {
        let un = |p: &NumeroDePage| match p {
            NumeroDePage::Autre { numero, .. } => numero.to_string(),
            NumeroDePage::Actuelle(numero) => format!("[{numero}]"),
            NumeroDePage::Ellipse => "…".to_owned(),
        };
        pagination.pages.iter().map(un).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn les_numeros_montrent_le_debut_la_fin_et_les_voisins() {
        let cas = [
            (1, 1, "[1]"),
            (1, 3, "[1] 2 3"),
            (4, 7, "1 2 3 [4] 5 6 7"),
            (5, 10, "1 … 4 [5] 6 … 10"),
            (10, 10, "1 … 9 [10]"),
            (99, 3, "1 2 [3]"),
        ];
        for (actuelle, total, attendu) in cas {
            assert_eq!(
                resume(&Pagination::numerotee(actuelle, total, |n| n.to_string())),
                attendu
            );
        }
        assert!(!Pagination::numerotee(1, 0, |n| n.to_string()).est_utile());
    }

    #[test]
    fn un_numero_de_telephone_devient_une_adresse() {
        assert_eq!(url_telephone("+33 4 74 12 34 56"), "tel:+33474123456");
    }
}

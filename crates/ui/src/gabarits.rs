//! Whole pages of the professional space, made from data: a form, a list, a record. A page that needs more has a template of its own.

use crate::{
    composants::{Choix, Description, Pagination, Tableau, Ton},
    form::Formulaire,
    page::{Lien, Page},
    rendu::rendre,
};
use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use socle::errors::Erreur;
use std::borrow::Cow;

type Mots = Cow<'static, str>;

/// A field of a form page.
#[derive(Debug, Clone)]
pub struct Champ {
    /// Its name in the form.
    pub nom: &'static str,
    /// What is read.
    pub libelle: Mots,
    /// A line of help.
    pub aide: Mots,
    /// Whether an answer is expected.
    pub requis: bool,
    /// What is offered while it is typed, for one line; another answer may be given.
    pub propositions: Vec<String>,
    /// What it is made of.
    pub genre: GenreChamp,
}

/// What a field is made of.
#[derive(Debug, Clone)]
pub enum GenreChamp {
    /// One line.
    Ligne {
        /// The input's type, such as `email`.
        type_html: &'static str,
        /// What browsers may fill it with.
        autocomplete: &'static str,
        /// Which keyboard telephones show.
        inputmode: &'static str,
        /// Its width: a number of characters, or empty.
        largeur: &'static str,
    },
    /// Several lines.
    Zone {
        /// How many are shown.
        lignes: u8,
    },
    /// A choice in a list.
    Liste {
        /// The options.
        choix: Vec<Choix>,
        /// The words of the empty option, or empty.
        vide: &'static str,
    },
    /// A choice that shows every option.
    Radios(Vec<Choix>),
    /// Several choices.
    Cases(Vec<Choix>),
    /// A date in three parts.
    Date,
    /// A file.
    Fichier {
        /// The formats taken.
        accepte: &'static str,
    },
    /// A value that goes along.
    Cache(String),
    /// Words between two fields.
    Texte,
}

impl Champ {
    fn new(nom: &'static str, libelle: impl Into<Mots>, genre: GenreChamp) -> Self {
        Self {
            nom,
            libelle: libelle.into(),
            aide: Mots::default(),
            requis: true,
            propositions: Vec::new(),
            genre,
        }
    }

    /// One line of text.
    pub fn ligne(nom: &'static str, libelle: impl Into<Mots>) -> Self {
        let genre = GenreChamp::Ligne {
            type_html: "text",
            autocomplete: "",
            inputmode: "",
            largeur: "",
        };
        Self::new(nom, libelle, genre)
    }

    /// An e-mail address.
    pub fn courriel(nom: &'static str, libelle: impl Into<Mots>) -> Self {
        let genre = GenreChamp::Ligne {
            type_html: "email",
            autocomplete: "email",
            inputmode: "email",
            largeur: "",
        };
        Self::new(nom, libelle, genre)
    }

    /// A telephone number.
    pub fn telephone(nom: &'static str, libelle: impl Into<Mots>) -> Self {
        let genre = GenreChamp::Ligne {
            type_html: "tel",
            autocomplete: "tel",
            inputmode: "tel",
            largeur: "20",
        };
        Self::new(nom, libelle, genre)
    }

    /// Figures, such as a code or a year.
    pub fn chiffres(nom: &'static str, libelle: impl Into<Mots>, autocomplete: &'static str) -> Self {
        let genre = GenreChamp::Ligne {
            type_html: "text",
            autocomplete,
            inputmode: "numeric",
            largeur: "10",
        };
        Self::new(nom, libelle, genre)
    }

    /// Several lines of text.
    pub fn zone(nom: &'static str, libelle: impl Into<Mots>) -> Self {
        Self::new(nom, libelle, GenreChamp::Zone { lignes: 4 })
    }

    /// A choice in a list.
    pub fn liste(nom: &'static str, libelle: impl Into<Mots>, choix: Vec<Choix>) -> Self {
        let vide = "Choisissez";
        Self::new(nom, libelle, GenreChamp::Liste { choix, vide })
    }

    /// A choice that shows every option.
    pub fn radios(nom: &'static str, legende: impl Into<Mots>, choix: Vec<Choix>) -> Self {
        Self::new(nom, legende, GenreChamp::Radios(choix))
    }

    /// Several choices.
    pub fn cases(nom: &'static str, legende: impl Into<Mots>, choix: Vec<Choix>) -> Self {
        Self::new(nom, legende, GenreChamp::Cases(choix))
    }

    /// A date in three parts.
    pub fn date(nom: &'static str, legende: impl Into<Mots>) -> Self {
        Self::new(nom, legende, GenreChamp::Date)
    }

    /// A file to send.
    pub fn fichier(nom: &'static str, libelle: impl Into<Mots>, accepte: &'static str) -> Self {
        Self::new(nom, libelle, GenreChamp::Fichier { accepte })
    }

    /// A value that goes along.
    pub fn cache(nom: &'static str, valeur: impl ToString) -> Self {
        Self::new(nom, "", GenreChamp::Cache(valeur.to_string()))
    }

    /// Words between two fields.
    pub fn texte(mots: impl Into<Mots>) -> Self {
        Self::new("", mots, GenreChamp::Texte)
    }

    /// The same with a line of help.
    pub fn aide(mut self, aide: impl Into<Mots>) -> Self {
        self.aide = aide.into();
        self
    }

    /// The same, which offers these answers while it is typed.
    pub fn propositions(mut self, propositions: Vec<String>) -> Self {
        self.propositions = propositions;
        self
    }

    /// The same, which may be left empty.
    pub fn facultatif(mut self) -> Self {
        self.requis = false;
        self
    }

    /// The same line, which browsers may fill with this.
    pub fn rempli_par(mut self, quoi: &'static str) -> Self {
        if let GenreChamp::Ligne { autocomplete, .. } = &mut self.genre {
            *autocomplete = quoi;
        }
        self
    }
}

/// A message above the content.
#[derive(Debug, Clone)]
pub struct Message {
    /// How it sounds.
    pub ton: Ton,
    /// Its title.
    pub titre: Mots,
    /// What it says.
    pub texte: Mots,
}

impl Message {
    /// Something was done.
    pub fn succes(titre: impl Into<Mots>) -> Self {
        Self {
            ton: Ton::Succes,
            titre: titre.into(),
            texte: Mots::default(),
        }
    }

    /// Something to know before going on.
    pub fn attention(titre: impl Into<Mots>, texte: impl Into<Mots>) -> Self {
        Self {
            ton: Ton::Attention,
            titre: titre.into(),
            texte: texte.into(),
        }
    }
}

/// A page that is one form.
#[derive(Debug, Clone, Template)]
#[template(path = "gabarits/formulaire.html")]
pub struct PageFormulaire {
    /// The page; its title is the heading.
    pub page: Page,
    /// What to know before filling it.
    pub intro: Vec<Mots>,
    /// A message above the form.
    pub message: Option<Message>,
    /// Facts to look at before answering.
    pub faits: Vec<Description>,
    /// The values and errors.
    pub form: Formulaire,
    /// The fields.
    pub champs: Vec<Champ>,
    /// Where it is sent; a whole address.
    pub action: String,
    /// The verb of what happens.
    pub bouton: Mots,
    /// Whether what happens cannot be undone.
    pub danger: bool,
    /// Other things that can be done instead.
    pub gestes: Vec<Geste>,
    /// Other ways out.
    pub liens: Vec<Lien>,
    /// What was sent by this form before.
    pub passe: Option<Liste>,
}

/// A list that stands under something else.
#[derive(Debug, Clone)]
pub struct Liste {
    /// Its title.
    pub titre: Mots,
    /// The things.
    pub tableau: Tableau,
    /// What is said when there is nothing: a title and what to do.
    pub vide: (Mots, Mots),
    /// The pages.
    pub pagination: Pagination,
}

impl PageFormulaire {
    /// A form under this title, sent to this path of the site.
    pub fn new(page: Page, titre: impl Into<String>, action: &str, bouton: impl Into<Mots>) -> Self {
        let mut page = page.intitulee(titre);
        page.noindex = true;
        Self {
            action: page.fixe(action),
            page,
            intro: Vec::new(),
            message: None,
            faits: Vec::new(),
            form: Formulaire::vide(),
            champs: Vec::new(),
            bouton: bouton.into(),
            danger: false,
            gestes: Vec::new(),
            liens: Vec::new(),
            passe: None,
        }
    }

    /// The same with a paragraph before the fields.
    pub fn intro(mut self, texte: impl Into<Mots>) -> Self {
        self.intro.push(texte.into());
        self
    }

    /// The same with these fields.
    pub fn champs(mut self, champs: Vec<Champ>) -> Self {
        self.champs = champs;
        self
    }

    /// The same with these values and errors.
    pub fn form(mut self, form: Formulaire) -> Self {
        self.form = form;
        self
    }

    /// The same with facts to look at first.
    pub fn faits(mut self, faits: Vec<Description>) -> Self {
        self.faits = faits;
        self
    }

    /// The same with a message above it.
    pub fn message(mut self, message: Message) -> Self {
        self.message = Some(message);
        self
    }

    /// The same, whose button warns.
    pub fn dangereux(mut self) -> Self {
        self.danger = true;
        self
    }

    /// The same with things that can be done instead.
    pub fn gestes(mut self, gestes: impl IntoIterator<Item = Geste>) -> Self {
        self.gestes.extend(gestes);
        self
    }

    /// The same with another way out, a path of the site.
    pub fn lien(mut self, libelle: impl Into<String>, chemin: &str) -> Self {
        self.liens.push(Lien::new(libelle, self.page.fixe(chemin)));
        self
    }

    /// The same, above what was sent before.
    pub fn passe(mut self, liste: Liste) -> Self {
        self.passe = Some(liste);
        self
    }

    /// Whether a file is sent.
    pub fn envoie_un_fichier(&self) -> bool {
        self.champs
            .iter()
            .any(|c| matches!(c.genre, GenreChamp::Fichier { .. }))
    }

    /// The page as an answer: 422 when something was refused.
    ///
    /// # Errors
    /// When it cannot be drawn, which is a fault.
    pub fn reponse(self) -> Result<Response, Erreur> {
        let statut = self.form.statut();
        Ok((statut, rendre(&self)?).into_response())
    }
}

/// Something that a person can do from a page.
#[derive(Debug, Clone)]
pub enum Geste {
    /// Going to another page.
    Lien(Lien),
    /// Doing it at once.
    Bouton {
        /// The verb.
        libelle: Mots,
        /// Where it is sent; a whole address.
        action: String,
        /// What goes along.
        champs: Vec<(&'static str, String)>,
        /// Whether it cannot be undone.
        danger: bool,
    },
}

impl Geste {
    /// Going to a path of the site.
    pub fn lien(page: &Page, libelle: impl Into<String>, chemin: &str) -> Self {
        Self::Lien(Lien::new(libelle, page.fixe(chemin)))
    }

    /// Doing it at once, by sending to a path of the site.
    pub fn bouton(page: &Page, libelle: impl Into<Mots>, chemin: &str) -> Self {
        Self::Bouton {
            libelle: libelle.into(),
            action: page.fixe(chemin),
            champs: Vec::new(),
            danger: false,
        }
    }

    /// The same with a value that goes along.
    pub fn avec(mut self, nom: &'static str, valeur: impl ToString) -> Self {
        if let Self::Bouton { champs, .. } = &mut self {
            champs.push((nom, valeur.to_string()));
        }
        self
    }

    /// The same, which warns.
    pub fn dangereux(mut self) -> Self {
        if let Self::Bouton { danger, .. } = &mut self {
            *danger = true;
        }
        self
    }
}

/// The search above a list.
#[derive(Debug, Clone)]
pub struct Recherche {
    /// What is looked for.
    pub libelle: Mots,
    /// A line of help.
    pub aide: Mots,
    /// What was typed, under the name `q`.
    pub valeur: String,
    /// Where it is asked; a whole address.
    pub action: String,
    /// Whether what is typed may stand in the address: never when it names a person.
    pub dans_l_adresse: bool,
}

/// A page that lists things.
#[derive(Debug, Clone, Template)]
#[template(path = "gabarits/liste.html")]
pub struct PageListe {
    /// The page; its title is the heading.
    pub page: Page,
    /// What the list is.
    pub intro: Vec<Mots>,
    /// A message above the list.
    pub message: Option<Message>,
    /// What can be done from here.
    pub gestes: Vec<Geste>,
    /// The search above it.
    pub recherche: Option<Recherche>,
    /// The things.
    pub tableau: Tableau,
    /// What is said when there is nothing: a title and what to do.
    pub vide: (Mots, Mots),
    /// The pages.
    pub pagination: Pagination,
    /// How the list goes on when its address may not say it.
    pub suite: Option<Geste>,
}

impl PageListe {
    /// A list under this title.
    pub fn new(
        page: Page,
        titre: impl Into<String>,
        tableau: Tableau,
        vide: (impl Into<Mots>, impl Into<Mots>),
    ) -> Self {
        let mut page = page.intitulee(titre);
        page.noindex = true;
        Self {
            page,
            intro: Vec::new(),
            message: None,
            gestes: Vec::new(),
            recherche: None,
            tableau,
            vide: (vide.0.into(), vide.1.into()),
            pagination: Pagination::default(),
            suite: None,
        }
    }

    /// The page as an answer.
    ///
    /// # Errors
    /// When it cannot be drawn, which is a fault.
    pub fn reponse(self) -> Result<Response, Erreur> {
        rendre(&self)
    }
}

/// A part of a record.
#[derive(Debug, Clone, Default)]
pub struct Section {
    /// Its title.
    pub titre: Mots,
    /// What it is.
    pub intro: Vec<Mots>,
    /// Facts.
    pub faits: Vec<Description>,
    /// Things listed in it, each with what can be done with it.
    pub elements: Vec<Element>,
    /// A table in it.
    pub tableau: Option<Tableau>,
    /// What can be done with it.
    pub gestes: Vec<Geste>,
}

/// Something listed in a section.
#[derive(Debug, Clone)]
pub struct Element {
    /// Its name.
    pub titre: String,
    /// What is said of it.
    pub details: Vec<String>,
    /// What can be done with it.
    pub gestes: Vec<Geste>,
}

impl Section {
    /// A part under this title.
    pub fn new(titre: impl Into<Mots>) -> Self {
        Self {
            titre: titre.into(),
            ..Self::default()
        }
    }

    /// The same with a paragraph.
    pub fn intro(mut self, texte: impl Into<Mots>) -> Self {
        self.intro.push(texte.into());
        self
    }

    /// The same with facts.
    pub fn faits(mut self, faits: Vec<Description>) -> Self {
        self.faits = faits;
        self
    }

    /// The same with something that can be done.
    pub fn geste(mut self, geste: Geste) -> Self {
        self.gestes.push(geste);
        self
    }
}

/// A page about one thing.
#[derive(Debug, Clone, Template)]
#[template(path = "gabarits/fiche.html")]
pub struct PageFiche {
    /// The page; its title is the heading.
    pub page: Page,
    /// A line under the heading.
    pub surtitre: Mots,
    /// A message above the content.
    pub message: Option<Message>,
    /// What can be done with the thing.
    pub gestes: Vec<Geste>,
    /// Its parts.
    pub sections: Vec<Section>,
}

impl PageFiche {
    /// A record under this title.
    pub fn new(page: Page, titre: impl Into<String>) -> Self {
        let mut page = page.intitulee(titre);
        page.noindex = true;
        Self {
            page,
            surtitre: Mots::default(),
            message: None,
            gestes: Vec::new(),
            sections: Vec::new(),
        }
    }

    /// The page as an answer.
    ///
    /// # Errors
    /// When it cannot be drawn, which is a fault.
    pub fn reponse(self) -> Result<Response, Erreur> {
        rendre(&self)
    }
}

/// The page of a change that came too late, which shows what is kept now.
///
/// # Errors
/// Those of the page.
pub fn en_conflit(page: Result<Response, Erreur>) -> Result<Response, Erreur> {
    Ok((StatusCode::CONFLICT, page?).into_response())
}

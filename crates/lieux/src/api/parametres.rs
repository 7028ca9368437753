//! The parameters of a listing, read once, each refusal naming its parameter.

use crate::{
    domain::filtres::Filtres,
    index::{Curseur, Demande},
};
use form_urlencoded::parse;
use socle::errors::Refus;
use std::str::FromStr;
use territoire::{Boite, Point};

/// The most places a page may hold.
pub const LIMITE_MAX: usize = 100;
/// The places of a page when nobody says how many.
const LIMITE: usize = 20;
/// The greatest radius, in kilometres.
const RAYON_MAX_KM: f64 = 500.0;
/// The radius when a point comes without one, in kilometres.
const RAYON_KM: f64 = 20.0;

/// The keys that [`Filtres`] reads, under the names of the standard.
pub(super) const FILTRES: [&str; 19] = [
    "services",
    "publics_specifiquement_adresses",
    "prise_en_charge_specifique",
    "frais_a_charge",
    "dispositif_programmes_nationaux",
    "formations_labels",
    "autres_formations_labels",
    "modalites_acces",
    "modalites_accompagnement",
    "typologie",
    "itinerance",
    "source",
    "avec",
    "ouvert",
    "commune",
    "code_insee",
    "epci",
    "departement",
    "region",
];
/// The other keys.
pub(super) const AUTRES: [&str; 9] = [
    "bbox",
    "lat",
    "lon",
    "rayon",
    "q",
    "modifie_depuis",
    "curseur",
    "limite",
    "total",
];

/// What a listing asks for.
#[derive(Debug, Default)]
pub(super) struct Parametres {
    pub demande: Demande,
    pub apres: Option<Curseur>,
    pub total: bool,
}

impl Parametres {
    /// Reads a query string.
    pub fn lire(requete: &str) -> Result<Self, Refus> {
        let paires: Vec<(String, String)> = parse(requete.as_bytes())
            .map(|(k, v)| (k.into_owned(), v.trim().to_owned()))
            .filter(|(_, v)| !v.is_empty())
            .collect();
        for (cle, _) in &paires {
            if !FILTRES.contains(&cle.as_str()) && !AUTRES.contains(&cle.as_str()) {
                let message = format!("le paramètre « {cle} » n’existe pas ; les paramètres sont : {}", noms());
                return Err(Refus::champ(cle.clone(), message));
            }
        }
        let filtres = paires
            .iter()
            .filter(|(cle, _)| FILTRES.contains(&cle.as_str()))
            .map(|(cle, valeur)| {
                (
                    if cle == "code_insee" { "commune" } else { cle.as_str() },
                    valeur.as_str(),
                )
            });
        let lecture = Filtres::lire(filtres);
        if let Some(inconnue) = lecture.inconnues.first() {
            return Err(Refus::champ(inconnue.cle.clone(), inconnue.to_string()));
        }
        let valeurs = Valeurs(&paires);
        let centre = valeurs.point()?;
        let rayon_km = valeurs.nombre("rayon", 0.0..=RAYON_MAX_KM, "en kilomètres")?;
        if rayon_km.is_some() && centre.is_none() {
            return Err(Refus::champ("rayon", "« rayon » va avec « lat » et « lon »"));
        }
        let limite = valeurs
            .lire::<usize>("limite", "un nombre entier de 1 à 100")?
            .unwrap_or(LIMITE);
        if !(1..=LIMITE_MAX).contains(&limite) {
            return Err(Refus::champ("limite", "« limite » est un nombre entier de 1 à 100"));
        }
        let texte = valeurs.dernier("q").map(str::to_owned);
        if texte.as_ref().is_some_and(|t| t.chars().count() > 100) {
            return Err(Refus::champ("q", "« q » a au plus 100 caractères"));
        }
        Ok(Self {
            demande: Demande {
                filtres: lecture.filtres,
                centre,
                rayon_m: centre.map(|_| rayon_km.unwrap_or(RAYON_KM) * 1000.0),
                boite: valeurs.boite()?,
                texte,
                modifie_depuis: valeurs.lire("modifie_depuis", "une date, comme 2026-03-31")?,
                limite,
                ..Demande::default()
            },
            apres: valeurs
                .dernier("curseur")
                .map(|c| c.parse().map_err(|()| curseur_illisible()))
                .transpose()?,
            total: valeurs.booleen("total")?,
        })
    }
}

fn noms() -> String {
    FILTRES.iter().chain(&AUTRES).copied().collect::<Vec<_>>().join(", ")
}

fn curseur_illisible() -> Refus {
    Refus::champ("curseur", "« curseur » se recopie tel quel de la réponse précédente")
}

struct Valeurs<'a>(&'a [(String, String)]);

impl<'a> Valeurs<'a> {
    fn dernier(&self, cle: &str) -> Option<&'a str> {
        self.0.iter().rev().find(|(k, _)| k == cle).map(|(_, v)| v.as_str())
    }

    fn lire<T: FromStr>(&self, cle: &'static str, attendu: &str) -> Result<Option<T>, Refus> {
        self.dernier(cle)
            .map(|v| {
                v.parse()
                    .map_err(|_| Refus::champ(cle, format!("« {cle} » vaut « {v} » : il faut {attendu}")))
            })
            .transpose()
    }

    fn booleen(&self, cle: &'static str) -> Result<bool, Refus> {
        match self.dernier(cle) {
            None | Some("0" | "false" | "non") => Ok(false),
            Some("1" | "true" | "oui") => Ok(true),
            Some(v) => Err(Refus::champ(
                cle,
                format!("« {cle} » vaut « {v} » : il faut oui ou non"),
            )),
        }
    }

    fn nombre(
        &self,
        cle: &'static str,
        bornes: std::ops::RangeInclusive<f64>,
        unite: &str,
    ) -> Result<Option<f64>, Refus> {
        let attendu = format!("un nombre de {} à {} {unite}", bornes.start(), bornes.end());
        let lu = self.lire::<f64>(cle, &attendu)?;
        if lu.is_some_and(|n| !bornes.contains(&n)) {
            return Err(Refus::champ(cle, format!("« {cle} » est {attendu}")));
        }
        Ok(lu)
    }

    fn point(&self) -> Result<Option<Point>, Refus> {
        let latitude = self.nombre("lat", -90.0..=90.0, "degrés")?;
        let longitude = self.nombre("lon", -180.0..=180.0, "degrés")?;
        match (latitude, longitude) {
            (Some(latitude), Some(longitude)) => Ok(Point::valide(longitude, latitude)),
            (None, None) => Ok(None),
            (None, Some(_)) => Err(Refus::champ("lat", "« lon » va avec « lat »")),
            (Some(_), None) => Err(Refus::champ("lon", "« lat » va avec « lon »")),
        }
    }

    fn boite(&self) -> Result<Option<Boite>, Refus> {
        let Some(texte) = self.dernier("bbox") else {
            return Ok(None);
        };
        let refus = || {
            let message =
                format!("« bbox » vaut « {texte} » : il faut ouest,sud,est,nord en degrés, comme 4.7,45.6,5.0,45.9");
            Refus::champ("bbox", message)
        };
        let nombres: Vec<f64> = texte
            .split(',')
            .map(|n| n.trim().parse())
            .collect::<Result<_, _>>()
            .map_err(|_| refus())?;
        let [ouest, sud, est, nord] = nombres[..] else {
            return Err(refus());
        };
        Boite::valide(ouest, sud, est, nord).map(Some).ok_or_else(refus)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chaque_refus_nomme_son_parametre_et_dit_quoi_faire() {
        let cas = [
            ("couleur=rouge", "couleur"),
            ("services=jardinage", "services"),
            ("lat=45", "lon"),
            ("lat=95&lon=4", "lat"),
            ("lat=NaN&lon=4", "lat"),
            ("rayon=3", "rayon"),
            ("lat=45&lon=4&rayon=inf", "rayon"),
            ("bbox=1,2,3", "bbox"),
            ("limite=0", "limite"),
            ("limite=-1", "limite"),
            ("curseur=zzz", "curseur"),
            ("modifie_depuis=hier", "modifie_depuis"),
            ("total=peut-etre", "total"),
            ("epci=12", "epci"),
            ("code_insee=99", "commune"),
        ];
        for (requete, champ) in cas {
            let refus = Parametres::lire(requete).expect_err(requete);
            assert_eq!(refus.champ.as_deref(), Some(champ), "{requete}");
            assert!(refus.message.len() > 20, "{}", refus.message);
        }
    }

    #[test]
    fn les_filtres_le_point_et_la_page_se_lisent_ensemble() {
        let p = Parametres::lire("lat=45.75&lon=4.85&services=aide-demarches&limite=5&total=oui&q=m%C3%A9dia").unwrap();
        assert_eq!(
            (p.demande.limite, p.demande.rayon_m, p.total),
            (5, Some(20_000.0), true)
        );
        assert_eq!(
            (p.demande.texte.as_deref(), p.demande.filtres.services.len()),
            (Some("média"), 1)
        );
    }
}

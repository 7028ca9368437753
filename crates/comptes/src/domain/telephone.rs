//! Telephone numbers of people, in every French numbering plan and abroad.

use std::{fmt, str::FromStr};

use phonenumber::{Mode, PhoneNumber, Type, metadata::DATABASE};
use serde::{Deserialize, Serialize};

/// A French numbering plan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Plan {
    /// Metropolitan France.
    #[default]
    Metropole,
    /// Guadeloupe, Saint-Martin and Saint-Barthélemy.
    Guadeloupe,
    /// French Guiana.
    Guyane,
    /// Martinique.
    Martinique,
    /// Réunion and Mayotte.
    OceanIndien,
    /// Saint-Pierre-et-Miquelon.
    SaintPierre,
    /// New Caledonia.
    Caledonie,
    /// French Polynesia.
    Polynesie,
    /// Wallis-et-Futuna.
    Wallis,
}

impl Plan {
    /// Every plan.
    pub const TOUS: [Plan; 9] = [
        Plan::Metropole,
        Plan::Guadeloupe,
        Plan::Guyane,
        Plan::Martinique,
        Plan::OceanIndien,
        Plan::SaintPierre,
        Plan::Caledonie,
        Plan::Polynesie,
        Plan::Wallis,
    ];

    /// The plan of a place, from the code of its commune, département or collectivity, or from its postal code.
    pub fn de(code: &str) -> Plan {
        match code.get(..3).unwrap_or_default() {
            "971" | "977" | "978" => Plan::Guadeloupe,
            "972" => Plan::Martinique,
            "973" => Plan::Guyane,
            "974" | "976" => Plan::OceanIndien,
            "975" => Plan::SaintPierre,
            "986" => Plan::Wallis,
            "987" => Plan::Polynesie,
            "988" => Plan::Caledonie,
            _ => Plan::Metropole,
        }
    }

    /// The plan that the first digits of a national number name, when they are those of one plan alone.
    pub fn national(numero: &str) -> Option<Plan> {
        if numero.strip_prefix('0').is_some_and(|reste| reste.starts_with(FICTION)) {
            return Some(Plan::Metropole);
        }
        match numero.get(..4)? {
            "0590" | "0690" | "0691" => Some(Plan::Guadeloupe),
            "0594" | "0694" => Some(Plan::Guyane),
            "0596" | "0696" | "0697" => Some(Plan::Martinique),
            "0262" | "0263" | "0269" | "0639" | "0692" | "0693" => Some(Plan::OceanIndien),
            _ => None,
        }
    }

    /// The country code, with its `+`.
    pub fn indicatif(self) -> &'static str {
        match self {
            Plan::Metropole => "+33",
            Plan::Guadeloupe => "+590",
            Plan::Guyane => "+594",
            Plan::Martinique => "+596",
            Plan::OceanIndien => "+262",
            Plan::SaintPierre => "+508",
            Plan::Caledonie => "+687",
            Plan::Polynesie => "+689",
            Plan::Wallis => "+681",
        }
    }

    /// Whether its numbers are dialled from the other plans of this kind with a zero and nine digits.
    pub fn est_a_dix_chiffres(self) -> bool {
        !matches!(
            self,
            Plan::SaintPierre | Plan::Caledonie | Plan::Polynesie | Plan::Wallis
        )
    }

    /// A mobile number of this plan, for help texts.
    pub fn exemple(self) -> &'static str {
        match self {
            Plan::Metropole => "06 39 98 12 34",
            Plan::Guadeloupe => "06 90 12 34 56",
            Plan::Guyane => "06 94 12 34 56",
            Plan::Martinique => "06 96 12 34 56",
            Plan::OceanIndien => "06 92 12 34 56",
            Plan::SaintPierre => "55 12 34",
            Plan::Caledonie => "75 12 34",
            Plan::Polynesie => "87 12 34 56",
            Plan::Wallis => "82 12 34",
        }
    }
}

/// A telephone number in international form (E.164), which its numbering plan knows.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Telephone(String);

/// A text that is no telephone number.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "« {recu} » n’est pas un numéro de téléphone complet : écrivez-le comme {exemple}, ou avec l’indicatif du pays, comme +32 470 12 34 56"
)]
pub struct ErreurTelephone {
    recu: String,
    exemple: &'static str,
}

/// How a number was written, without what people put between its digits.
enum Saisie {
    International(String),
    National(String),
}

impl Telephone {
    /// Reads a number typed by somebody of this plan: in the plan's own form, in that of the French plans with ten digits, or with a country code.
    ///
    /// # Errors
    /// When no numbering plan knows it.
    pub fn lire(texte: &str, plan: Plan) -> Result<Self, ErreurTelephone> {
        let trouve = match saisie(texte) {
            Some(Saisie::International(numero)) => valide(&sans_zero(&numero)),
            Some(Saisie::National(numero)) => candidats(&numero, plan).iter().find_map(|c| valide(c)),
            None => None,
        };
        trouve
            .map(|numero| Telephone(numero.format().mode(Mode::E164).to_string()))
            .ok_or_else(|| ErreurTelephone {
                recu: texte.trim().chars().take(40).collect(),
                exemple: plan.exemple(),
            })
    }

    /// The international form.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The French plan that it belongs to.
    pub fn plan(&self) -> Option<Plan> {
        Plan::TOUS.into_iter().find(|plan| self.0.starts_with(plan.indicatif()))
    }

    /// The form that somebody of this plan would dial.
    pub fn affiche(&self, lecteur: Plan) -> String {
        let Some(plan) = self.plan() else {
            let numero = valide(&self.0).expect("a Telephone is made of a number that its plan knows");
            return numero.format().mode(Mode::International).to_string();
        };
        let national = &self.0[plan.indicatif().len()..];
        if national.len() == 9 && plan.est_a_dix_chiffres() && lecteur.est_a_dix_chiffres() {
            par_paires(&format!("0{national}"))
        } else if plan == lecteur && !plan.est_a_dix_chiffres() {
            par_paires(national)
        } else {
            format!("{} {}", plan.indicatif(), par_paires(national))
        }
    }

    /// A number that is kept, as somebody of metropolitan France would dial it.
    pub fn lisible(garde: &str) -> String {
        Self::lire(garde, Plan::Metropole).map_or_else(|_| garde.to_owned(), |lu| lu.affiche(Plan::Metropole))
    }

    /// Whether it receives text messages, as far as its plan tells.
    pub fn est_mobile(&self) -> bool {
        let mobile = |n: PhoneNumber| matches!(n.number_type(&DATABASE), Type::Mobile | Type::FixedLineOrMobile);
        est_fictif(&self.0) || valide(&self.0).is_some_and(mobile)
    }
}

fn saisie(texte: &str) -> Option<Saisie> {
    // "+33 (0)6…" is often printed on cards.
    let texte = texte.trim().replace("(0)", "");
    let mut chiffres = String::with_capacity(texte.len());
    let mut international = false;
    for c in texte.chars() {
        match c {
            '0'..='9' => chiffres.push(c),
            '+' if chiffres.is_empty() && !international => international = true,
            '.' | '-' | '‑' | '–' | '/' | '(' | ')' => {}
            c if c.is_whitespace() => {}
            _ => return None,
        }
    }
    if let Some(reste) = chiffres.strip_prefix("00").filter(|_| !international) {
        return Some(Saisie::International(reste.to_owned()));
    }
    Some(if international {
        Saisie::International(chiffres)
    } else {
        Saisie::National(chiffres)
    })
}

/// The digits after a French country code without the zero that is dialled inside the plan.
fn sans_zero(chiffres: &str) -> String {
    let plan = Plan::TOUS
        .into_iter()
        .find(|plan| chiffres.starts_with(&plan.indicatif()[1..]));
    match plan.map(|plan| (plan, chiffres.split_at(plan.indicatif().len() - 1))) {
        // In the Pacific nothing is dialled before a number: its zero is its own, as in 05 00 00.
        Some((Plan::Caledonie | Plan::Polynesie | Plan::Wallis, _)) => format!("+{chiffres}"),
        Some((_, (indicatif, national))) => format!("+{indicatif}{}", national.trim_start_matches('0')),
        None => format!("+{chiffres}"),
    }
}

/// The international numbers that a national one may mean, the likeliest first.
fn candidats(numero: &str, plan: Plan) -> Vec<String> {
    let Some(reste) = numero.strip_prefix('0').filter(|reste| reste.len() == 9) else {
        return vec![format!("{}{numero}", plan.indicatif())];
    };
    if let Some(nomme) = Plan::national(numero) {
        return vec![format!("{}{reste}", nomme.indicatif())];
    }
    let dix_chiffres = Plan::TOUS.into_iter().filter(|autre| autre.est_a_dix_chiffres());
    let mut candidats: Vec<String> = std::iter::once(plan)
        .chain(dix_chiffres)
        .map(|plan| format!("{}{reste}", plan.indicatif()))
        .collect();
    // Saint-Pierre-et-Miquelon is dialled from the other plans as 0508 and its six digits.
    if let Some(local) = reste.strip_prefix("508") {
        candidats.insert(0, format!("+508{local}"));
    }
    candidats
}

/// The number, when its plan knows it; E.164 allows fifteen digits, and no plan has fewer than seven with its country code.
fn valide(international: &str) -> Option<PhoneNumber> {
    if !(8..=16).contains(&international.len()) {
        return None;
    }
    phonenumber::parse(None, international)
        .ok()
        .filter(|numero| numero.is_valid() || est_fictif(international))
}

/// Mobile numbers kept for films (ARCEP), which no plan gives to anybody: the demonstration uses them.
const FICTION: &str = "63998";

fn est_fictif(international: &str) -> bool {
    let reste = international
        .strip_prefix("+33")
        .and_then(|national| national.strip_prefix(FICTION));
    reste.is_some_and(|reste| reste.len() == 4)
}

/// Digits two by two, from the right, as numbers are read aloud.
pub fn par_paires(chiffres: &str) -> String {
    let mut ecrit = String::with_capacity(chiffres.len() * 3 / 2);
    for (rang, c) in chiffres.chars().enumerate() {
        if rang > 0 && rang % 2 == chiffres.len() % 2 {
            ecrit.push(' ');
        }
        ecrit.push(c);
    }
    ecrit
}

impl fmt::Display for Telephone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Telephone {
    type Err = ErreurTelephone;

    /// Reads a stored number; people's typing goes through [`Telephone::lire`].
    fn from_str(texte: &str) -> Result<Self, ErreurTelephone> {
        Self::lire(texte, Plan::default())
    }
}

impl Serialize for Telephone {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Telephone {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn un_numero_se_lit_comme_on_le_tape_chez_soi() {
        for (texte, plan, attendu, mobile) in [
            ("06 39 98 12 34", Plan::Metropole, "+33639981234", true),
            ("01.99.00.12.34", Plan::Metropole, "+33199001234", false),
            ("+33 (0)6 39 98 12 34", Plan::Metropole, "+33639981234", true),
            ("0033639981234", Plan::Caledonie, "+33639981234", true),
            ("+33 06 39 98 12 34", Plan::Metropole, "+33639981234", true),
            ("0590 20 12 34", Plan::Guadeloupe, "+590590201234", false),
            ("0690 00 12 34", Plan::Metropole, "+590690001234", true),
            ("0594 30 12 34", Plan::Guyane, "+594594301234", false),
            ("0694 20 12 34", Plan::Guyane, "+594694201234", true),
            ("0596 30 12 34", Plan::Metropole, "+596596301234", false),
            ("0696 20 12 34", Plan::Martinique, "+596696201234", true),
            ("0262 16 12 34", Plan::OceanIndien, "+262262161234", false),
            ("0692 12 34 56", Plan::OceanIndien, "+262692123456", true),
            ("0269 60 12 34", Plan::OceanIndien, "+262269601234", false),
            ("0639 69 12 34", Plan::Metropole, "+262639691234", true),
            ("55 12 34", Plan::SaintPierre, "+508551234", true),
            ("0508 41 12 34", Plan::Metropole, "+508411234", false),
            ("75 12 34", Plan::Caledonie, "+687751234", true),
            ("+687 24.12.34", Plan::Metropole, "+687241234", false),
            ("87 12 34 56", Plan::Polynesie, "+68987123456", true),
            ("40 41 12 34", Plan::Polynesie, "+68940411234", false),
            ("82 12 34", Plan::Wallis, "+681821234", true),
            ("+32 470 12 34 56", Plan::Metropole, "+32470123456", true),
            ("00 352 621 123 456", Plan::Metropole, "+352621123456", true),
        ] {
            let lu = Telephone::lire(texte, plan);
            let lu = lu.unwrap_or_else(|e| panic!("{texte} ({plan:?}) : {e}"));
            assert_eq!((lu.as_str(), lu.est_mobile()), (attendu, mobile), "{texte}");
        }
    }

    #[test]
    fn ce_qu_aucun_plan_ne_connait_est_refuse_avec_un_exemple_du_territoire() {
        for texte in [
            "",
            "12",
            "error",
            "06 39 98 12",
            "06 39 98 12 34 5",
            "+",
            "++33639981234",
            "+999 12 34 56 78",
            "٠٦٣٩٩٨١٢٣٤",
            "00",
            "+33",
            "123456789012345678901234567890",
        ] {
            assert!(Telephone::lire(texte, Plan::Metropole).is_err(), "{texte}");
        }
        // Local digits of one territory mean nothing in another.
        assert!(Telephone::lire("75 12 34", Plan::Metropole).is_err());
        assert_eq!(
            Telephone::lire("12", Plan::Caledonie).unwrap_err().to_string(),
            "« 12 » n’est pas un numéro de téléphone complet : écrivez-le comme 75 12 34, ou avec l’indicatif du pays, comme +32 470 12 34 56"
        );
    }

    #[test]
    fn un_numero_s_affiche_comme_le_lecteur_le_compose() {
        for (numero, lecteur, attendu) in [
            ("+33639981234", Plan::Metropole, "06 39 98 12 34"),
            ("+590690001234", Plan::Metropole, "06 90 00 12 34"),
            ("+33639981234", Plan::Martinique, "06 39 98 12 34"),
            ("+33639981234", Plan::Caledonie, "+33 6 39 98 12 34"),
            ("+687751234", Plan::Caledonie, "75 12 34"),
            ("+687751234", Plan::Metropole, "+687 75 12 34"),
            ("+687751234", Plan::Wallis, "+687 75 12 34"),
            ("+68987123456", Plan::Polynesie, "87 12 34 56"),
            ("+32470123456", Plan::Metropole, "+32 470 12 34 56"),
        ] {
            let telephone: Telephone = numero.parse().unwrap();
            assert_eq!(telephone.affiche(lecteur), attendu, "{numero} vu de {lecteur:?}");
        }
    }

    #[test]
    fn chaque_plan_se_trouve_par_son_territoire_et_lit_son_exemple() {
        for (code, plan) in [
            ("75056", Plan::Metropole),
            ("2A", Plan::Metropole),
            ("971", Plan::Guadeloupe),
            ("97150", Plan::Guadeloupe),
            ("97701", Plan::Guadeloupe),
            ("973", Plan::Guyane),
            ("972", Plan::Martinique),
            ("97600", Plan::OceanIndien),
            ("97500", Plan::SaintPierre),
            ("98600", Plan::Wallis),
            ("98714", Plan::Polynesie),
            ("988", Plan::Caledonie),
        ] {
            assert_eq!(Plan::de(code), plan, "{code}");
        }
        for plan in Plan::TOUS {
            let lu = Telephone::lire(plan.exemple(), plan).unwrap_or_else(|e| panic!("{plan:?} : {e}"));
            assert_eq!((lu.plan(), lu.est_mobile()), (Some(plan), true));
        }
    }

    #[test]
    fn le_zero_d_un_numero_du_pacifique_est_a_lui() {
        let caledonien = Telephone::lire("05 00 00", Plan::Caledonie);
        if let Ok(telephone) = caledonien {
            assert_eq!(telephone.as_str().parse::<Telephone>(), Ok(telephone.clone()));
        }
    }

    proptest! {
        #[test]
        fn aucune_saisie_ne_fait_paniquer_et_ce_qui_est_garde_se_relit(texte in "(\\+|00|0)?[0-9 .()]{0,18}|\\PC{0,16}", plan in 0..9_usize) {
            let plan = Plan::TOUS[plan];
            if let Ok(telephone) = Telephone::lire(&texte, plan) {
                prop_assert_eq!(telephone.as_str().parse::<Telephone>(), Ok(telephone.clone()));
                prop_assert_eq!(Telephone::lire(&telephone.affiche(plan), plan), Ok(telephone));
            }
        }
    }
}
